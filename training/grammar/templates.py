"""How observations are worded, by event: one production a line.

`(a|b)` is a choice, `{name}` a phrase or list of training/grammar/phrases.py, `<kind:words>` words that become a tag.
"""

TEMPLATES: dict[str, str] = {
    "object_seen": """
my {obj} is plugged in {where}
{count_objects} and {a_object} (sit|stand|lie|are) {at_object}
{a_object} (next to|under|behind|beside) the {obj} (door|)
perception: {obj} (0.{digits}), {bare_place}
{bare_place}: {obj}, {obj}, {obj}
{obj} {bare_where}
{obj}, {adj}{obj} and {plural_object} {where}
{a_object} {at_object} catches my eye
(someone's|a forgotten|a lost|an abandoned) <object:{OBJECT}> {where}
{the_object} {name} was asking about (is|stands|lies) {where}
{count_objects} are stacked {where}
{the_place} is where {the_object} (is|stands|hangs)
{a_object} blocks my view of {the_object}
I drove by {a_object} {where}
the {plural_object} are still {where}
spare {plural_object} are kept {where}
{objects} can be seen {where}
next to {the_object} (I see|stands|is|lies) {a_object}, {adj}and {a_object}
{a_object} (is attached to|is fixed to|is mounted on|is taped to) the {obj}
{a_object} inside {a_object}
lots of {plural_object} and no {obj} {in_place}
a <person:{PERSON}>'s <object:{OBJECT}> {where}
my camera caught {a_object} {where}
got eyes on {a_object} {where}
{see} {objects} {where}
{see} {objects} {where}, {also_objects}
{see} {objects}
there (is|was|'s) {a_object} {where}
there (are|were) {count_objects} {where}
{a_object} (is|was) (standing|lying|sitting|placed|leaning|parked|hanging|resting) {where}
{a_object} (stands|lies|sits|leans|hangs|rests|hangs down) {where}
{the_object} (is|was) {where}
{the_object} I was looking for (is|was) {where}
(found|located|spotted) {the_object} {where}
(found|finally found|have found) {the_object_of} {where}
{objects} {where}
{objects} {where} and {objects} {where}
{objects}
(two|three|four|five|several|a row of|a stack of|a pile of|lots of|plenty of|a few) {plural_object} {where}
(on|under|behind|next to|in front of|beside) the {obj} (is|stands|lies|I see|there is|sits) {a_object}
{in_place} (is|I see|there is|stands|lies|was) {a_object}
{in_place} there (is|was) {a_object} {at_object}
{in_place}: {objects}
object detected: {obj}, {bare_place}
detected object={obj} (conf|confidence|score)=0.{digits} {bare_where}
detection: {obj} x{small} {where}
(camera|front camera|rear camera|lidar) (sees|shows|picked up) {objects} {where}
(looks like|it seems) there is {a_object} {where}
I (can see|noticed|just passed|came across|drove past) {objects} {where}
passing {a_object} {where}
{the_object} (still|again) (stands|lies|hangs|is) {where}
<person:somebody>('s| has) left {a_object} {where}
{a_object} was left {where}
{person}'s {obj} is {where}
{name}'s {obj} (lies|is lying|stands|was) {where}
in view: {objects}
recognized {a_object} and {a_object} {where}
a view of {the_place} with {a_object} and {a_object}
a photo of {a_object} {at_object}
close-up of {a_object} {at_object}
{a_object} with {a_object} on top
{the_object} has {a_object} on it
{count_objects} {at_object}
shelf {small} (holds|contains) {count_objects}
{the_place} (has|contains) {a_object}, {a_object} and {a_object}
(you can find|one finds) {the_object} {where}
{a_object} is visible (through|behind) the <object:window>
{the_object} is to the (left|right) of {the_object}
from here I see {objects} and {objects}
no longer lost: {the_object} is {where}
turns out {the_object} was {where} all along
(entered|reached|drove into) {the_place} and (saw|found|spotted) {objects}
(in|entering) {the_place} (I see|I saw|saw) {a_object} {at_object}
""",
    "object_moved": """
{person} (wheeled|rolled|shoved|pulled|lifted|hauled|slid) {the_object} (out of|into|across|through) {the_place}
{someone} has (pushed|pulled|slid|moved) {the_object} (closer to|away from|nearer to|over to) the {obj}(| {in_place})
{the_object} that (stood|was|hung|lay) {where} is {where} (today|now|this time)
{the_object} (which|that) used to be {where} (now|) stands {where}
{the_object} went from {the_place} to {the_place}
{the_object} ended up {where}
I (took|carried|moved|shifted|brought) {the_object} from the {obj} (over |)to the {obj}
{the_object} is in another place: {where}
{the_object} (found|has) a new (place|home) {where}
today {the_object} is {where}, yesterday it was {where}
{the_object} wandered from {the_place} to {the_place}
{count_objects} (were|have been) (carried|brought|moved|taken|wheeled) {to_place}
{person} is (moving|carrying|dragging|pushing|wheeling) {the_object} {to_place}
{person} (placed|stacked|stored|parked|left) {the_object} {at_object}
{the_device} was carried {to_place}
moved the {obj}: was {bare_where}, now {bare_where}
{the_object} (was|has been) put back {where}
{the_object} (was|got) swapped with {the_object}
pose of {obj} changed by {small} cm
{the_object} slid {to_place}
{person} carried {the_object} out
the {plural_object} stand {where} now
took {the_object} out of the {obj} and left it {where}
{someone} moved {the_object} (from {the_place} |){to_place}
{someone} (took|carried|brought|dragged|pushed|rolled|transferred|shifted) {the_object} {to_place}
{someone} (put|placed|set) {the_object} {at_object}
{the_object} (was|has been|got) (moved|relocated|taken|carried|brought|shifted|pushed|transferred) {to_place}
{the_object} (was|has been) moved from {the_place} to {the_place}
{the_object} (is|stands|lies) now {where}
{the_object} is now {where} instead of {where}
{the_object} (was|stood|used to be) {where}(, | but )(is now|now it is|now) {where}
{the_object} changed place: {bare_where}
(I|we|robot) (moved|carried|took|pushed|brought) {the_object} {to_place}
(I|we|robot) (put|placed|set down|dropped off|laid) {the_object} {at_object}
(put|placed|set down|dropped) {the_object} {where}
(picked up|lifted|took|grabbed) {the_object} (from|off) {the_object}
(picked up|took) {the_object} {where} and (put|placed) it {at_object}
moved {the_object} {to_place}
moved {count_objects} {to_place}
{person} picked up {the_object}
{person} (removed|took away) {the_object} from {the_object}
{person} (swapped|exchanged) {the_object} and {the_object}
{the_object} and {the_object} (were|have been) swapped
object moved: {obj}, {bare_place} -> {bare_place}
object_moved obj={obj} from={bare_place} to={bare_place}
{obj} displaced by {small} m, {bare_where}
{the_object} has moved about {small} (metres|meters|m) (to the left|to the right|) since the last (visit|check|round)
{the_object} is not where it was, it is {where} now
since yesterday {the_object} has been moved {to_place}
{someone} returned {the_object} {to_place}
{the_object} is back {where}
the {plural_object} were (rearranged|moved around|shoved aside) {in_place}
{the_object} rolled {to_place}
{someone} hung {the_object} {at_object}
{the_object} fell off {the_object}
{the_object} has been knocked over {where}
new position of {the_object}: {bare_where}
""",
    "object_missing": """
I (don't|do not|can no longer) see {the_object} {where} (any longer|any more|)
one {obj} (short|too few) {in_place}
{the_object} (ought|is supposed|was supposed) to be {where}, (but it is gone|but I cannot see it|not there)
(couldn't|could not|can't) locate {the_object}, it (ought to|should) be {where}
{the_object} isn't on its <object:{OBJECT}>
we are missing {a_object} {in_place}
only {small} of {small} {plural_object} left {where}
{where} {the_object} is missing
somebody took {the_object}, it's not {where}
{the_object} has gone from {the_place}
the {obj} is empty, {the_object} is gone
{the_object} was {where} yesterday, today (it is gone|there is nothing|it is missing)
not a single {obj} {where}
all {plural_object} are gone {in_place}
still no {obj} {where}
{name} is looking for {the_object}, it is not {where}
{the_object} did not turn up {where}
(lost|have lost) {the_object} {in_place}
{the_object} cannot be found
checked {the_place} twice, {the_object} isn't there
inventory: {obj} missing in {bare_place}
unable to find {the_object} {where}
an empty {obj} where {the_object} (should be|used to stand)
{the_object} (is|was) (missing|gone|not there|not here) {where}
{the_object} (is|was|has gone) missing
{the_object} (is|are) (gone|missing) from {the_place}
{the_object} (is no longer|isn't|is not|wasn't|was not) {where}
{the_object} (is no longer|isn't|is not) {where} (any more|anymore|where it was|where it should be)
(can't|cannot|couldn't|could not|didn't) (find|see|locate|spot) {the_object} {where}
I (can't|cannot|could not|couldn't|did not|didn't) (find|see|locate) {the_object} (anywhere|{where})
there (is|was) no {obj} {where}(| any more| anymore)
no {obj} {where}
no (sign|trace) of {the_object} {where}
{the_object} (has|had) (disappeared|vanished) from {the_object}
{the_object} should be {where} but (it is not|isn't there|is gone|I see nothing)
{the_object} used to (be|stand|hang|lie) {where}, (now it is gone|it is not there|nothing there now)
looked for {the_object} {where}, (nothing|not there|nothing there|no luck|without finding it)
(searched|checked) {the_place} for {the_object}, (not found|nothing found|it is not there)
expected {the_object} {where}, (not found|found nothing|but it's missing)
{someone} (stole|must have taken|ran off with) {the_object} {where}
missing: {obj}, {bare_place}
object missing: {obj} ({bare_place})
WARN {obj} not found {where}
the spot {at_object} where {the_object} (stood|was|hung) is empty
the hook for {the_object} is empty
where is {the_object}? it is not {where}
{the_object} hasn't been seen {where} since (yesterday|monday|this morning)
one of the {plural_object} is missing {where}
(two|three) {plural_object} (are|were) missing {where}
{name}'s {obj} is (missing|gone|nowhere to be found)
{the_object} nowhere to be (found|seen) {in_place}
""",
    "person_seen": """
(two|three|four|some|several) {plural_person} (play|chat|wait|work|eat|walk|run|sit|stand) {where}
{a_person} (sits|is sitting|is resting|rests) {at_object}
{name} is at (her|his|the) <object:(desk|computer|workbench|table)>(| typing| writing| reading)
{a_person} is (kneeling|crouching|bending|hiding) {at_object}
(hooded|unknown|masked) <person:(figure|person|man|woman)> {where}
{a_person} with {a_object} (is resting|is waiting|sits|stands) {where}
{a_person} (looks|looked) for {the_object} {in_place}
{a_person} (tries|is trying) to (open|lift|fix|move|reach) {the_object}
{a_person} (feeds|waters|paints|fixes|wipes|loads|counts|checks) {the_object}
{person} (has|just) (arrived|come back|sat down|left) {in_place}
{name} and {name} (are|were) {where}
{name} and {name} are {doing}
{name}, {doing}, {in_place}
{a_person} (runs|ran|hurries|hurried|walks|drives) (towards|past|through|along|across) {the_place}
{a_person} (leans|leaned) (on|against) the {obj}
{a_person} on {a_object} (rides|rolls|drives) (past|along|through) {the_place}
{a_person} in a (white|blue|yellow|hi-vis) <object:(coat|vest|uniform|jacket|shirt)> {where}
(one|another) {person_adj}<person:{PERSON}> {bare_where}
human (detected|present|in view) {bare_where}
{small} <person:(people|persons|humans)> {where}
{a_person} (collapsed|fell down|is lying motionless) {where}
a <person:family> {where}
a <person:queue of {PERSONS}> {where}
{person} stopped to (look at|pet|photograph) {the_object}
{person} is on (her|his) way to {the_place}
{see} {a_person} {where}
{see} {a_person} {doing}
{a_person} (is|was) (standing|sitting|waiting|working|sleeping|walking|kneeling|lying|talking on the <object:phone>) {where}
{a_person} (stands|sits|waits|works|sleeps|walks|walked) {where}
{a_person} {doing}
{a_person} {doing} {in_place}
{name} (is|was) {where}
{name} (is|was) {doing}
{name} (came|walked|went) (in|out|by|past|into {the_place}|out of {the_place}|towards {the_place})
there (is|was|'s) {a_person} {where}
there (are|were) (two|three|four|five|some|a group of|several) {plural_person} {where}
(two|three|four|several|a group of|a crowd of) {plural_person} {doing}
(two|three|four|several) {plural_person} {where}
{a_person} with {a_object} {where}
{a_person} (holding|carrying|pushing|pulling|using|repairing) {a_object} {where}
{a_person} is (holding|carrying|pushing|using|repairing|cleaning|looking at) {the_object}
{a_person} (in|wearing) {a_object} {doing}
{a_person} and {a_person} {doing}
{a_person} and {a_person} {where}
person detected: {bare_person}, {bare_place}
person detected {bare_where}
person_detected id={small} conf=0.{digits} {bare_where}
recognized {name} {where}
face recognized: {name}
{a_person} (crossed|passed|walked across|left) {the_place}
{a_person} (waved at|smiled at|looked at|followed|blocked) (me|the robot|us)
met {a_person} {where}
met {name} {where}
{someone} (entered|left) {the_place}
<person:(someone|somebody)> is {where}
in {the_place} {a_person} is {doing}
{a_person} (fell asleep|is asleep) {at_object}
a photo of {a_person} {doing}
{a_person} talking to {a_person} {where}
{small} {plural_person} (counted|in line|waiting) {where}
(entered|reached|drove into) {the_place} and (met|saw|found) {a_person}
""",
    "place_entered": """
just (rolled|drove|came|moved|walked|got|stepped) into {the_place}
(we're|I'm|we are|I am) (on|in|at) {the_place} now
(crossing|moving|driving|going|passing) from {the_place} (into|to) {the_place}
(out of|leaving) {the_place}, (into|now in|entering) {the_place}
through the <object:(door|gate|doorway|swing door)> into {the_place}
{the_place} reached
{the_place}, finally
I am back {in_place}
we have arrived {in_place}
have left {the_place}, now {in_place}
(up|down) the <object:(ramp|stairs|elevator)> to {the_place}
(inside|outside) {the_place} now
{the_place} entered at {clock}
just crossed into {the_place}
stopped {in_place}
parked {in_place}
my position is {bare_place}
you find me {in_place}
the <object:elevator> brought me to {the_place}
turned the corner into {the_place}
came out {in_place}
robot returned to {the_place}
(entered|entering|arrived at|arriving at|arrived in|reached|got to|now in|I am in|I'm in|we are in|now at) {the_place}
(I|we|robot|the robot) (entered|reached|arrived at|came into|drove into|moved into|rolled into|stepped into) {the_place}
(just|have just|have|) (entered|arrived at|reached) {the_place}
(drove|moved|went|came|passed|rolled|turned) (into|through|to|back into|back to) {the_place}
left {the_place} and (entered|reached|arrived in|went into|drove into) {the_place}
{in_place} now
(back|here|now) {in_place}
(crossed|passed through) {the_place} (and reached|into|towards) {the_place}
(got out of|took) the <object:elevator> (on|at) {the_place}
place: {bare_place}
location update: {bare_place}
location={bare_place}
nav: (entered|arrived at|reached) {bare_place}
zone change: {bare_place} -> {bare_place}
entering {the_place} through the <object:(side door|main entrance|glass door|gate)>
(arrived|waiting) at the <room:entrance> of {the_place}
we made it to {the_place}
coming from {the_place} (I|we) reached {the_place}
going through {the_place}
standing {in_place}
this (is|must be) {the_place}
robot is at {the_place}
current location {bare_place}
on arrival in {the_place} I turned around
after (ten|five|two) minutes I reached {the_place}
""",
    "state_changed": """
the <object:(lights|light|lamps)> (are|is) <state:(out|off|on)> {in_place}
<object:(lights|light|power|heating)> <state:(out|off|on)> {in_place}
{the_device} (warmed|heated|cooled) up to {small} degrees
{the_device} (has been|was) left <state:(open|on|unlocked|half open|ajar|running)>
{the_device} is <state:(off|on)> now
{the_device} (finished|is done) and is <state:(beeping|blinking)>
{the_device} stands <state:(open|ajar|wide open)>
{name} has (opened|closed|locked|switched on|switched off|started) {the_device}
(somebody|someone) (opened|closed|locked|unplugged) {the_device}
{the_device} is out of (order|paper|water|service)
{the_device} (swung|slid|banged|flew) <state:(open|shut)>
{the_device} now shows a (red|green|yellow) <object:light>
{the_device} is (being repaired|in use|under repair|not in use)
{the_object} is <state:(broken|cracked|bent|torn|dented|repaired|wet|dry)>
{the_object} (broke|cracked|got wet|dried)
{the_place} is <state:(locked|closed|open|flooded with light|tidy|messy)> (now|again|today)
{the_device} has stopped (working|running|beeping)
{the_device} works again
the <object:(water|temperature|pressure) level> (rose|fell) {in_place}
{the_device}: was {device_state}, now {device_state}
the <object:bed> {in_place} (is|has been) <state:(made|unmade|occupied|free)>
the <object:sign> {in_place} now says closed
{plural_object} are <state:(sold out|full|empty|broken)>
{the_place} is being (cleaned|painted|renovated)
{the_device} (is|was) {device_state}
{the_device} (is|was) (now|still|again|half|left|found) {device_state}
{the_device} {where} (is|was) {device_state}
{the_device} in {the_place} is {device_state}
{the_device} (went|turned) <state:(off|on|dark|red|green|cold|dim)>
{the_device} (was|has been|got) (turned|switched) <state:(on|off)>
{someone} (turned|switched) <state:(on|off)> {the_device}
{someone} (turned|switched) {the_device} <state:(on|off)>
{someone} (opened|closed|locked|unlocked|shut|started|stopped|emptied|filled|cleaned) {the_device}
{someone} left {the_device} <state:(open|on|unlocked|running|half open)>
{the_device} (opened|closed|broke|stopped|unlocked itself|fell shut|jammed|started|restarted|tripped)
{the_device} (has|had) (opened|closed|stopped|broken|jammed)
{the_device} (is|seems|looks) (no longer|not) {device_state}
{the_device} isn't {device_state} (any more|anymore)
(found|noticed|saw) {the_device} {device_state}
{bare_device} {device_state}
{bare_device}: {device_state}
{bare_device} state {device_state} -> {device_state}
state change: {bare_device} {device_state}
status {bare_device}={device_state} {bare_where}
{the_place} is {room_state}
{the_place} is (now|still) {room_state}
the <object:(light|lights)> in {the_place} (is|are) <state:(on|off)>
the <object:(light|lights)> went <state:(out|off|on)> in {the_place}
it is <state:dark> in {the_place}
{the_object} (is|was) {content_state}
{the_object} {where} is {content_state}
the <object:floor> in {the_place} is <state:(clean|dirty|dry|swept)>
{the_device} came back <state:(on|online)>
{the_device} is <state:(flickering|beeping|blinking|overflowing|humming)>
{the_device} and {the_device} are {device_state}
all <object:(doors|windows|lights)> in {the_place} are <state:(closed|open|locked|off|on)>
{the_device} is still <state:running>, {the_device} is <state:off>
the temperature in {the_place} (rose|fell|dropped) to {small} degrees
the <object:(display|screen)> (shows|reads|now says) {small}
{the_device} changed to {device_state}
{the_device} (finished|ended) its (cycle|programme|run)
the {obj} has been (plugged in|unplugged|repaired|assembled|opened|wiped|painted)
{the_device} won't stay {device_state}
""",
    "hazard_seen": """
(there's|there is) <hazard:(oil|water|ice|glass|smoke|milk|mud)> all over {the_place}
<hazard:(oil|water|ice|glass|mud|snow|gravel)> all over {the_place}, very <hazard:(slippery|dangerous)>
a <hazard:(live|loose|bare|hanging|torn) (cable|wire)> (hangs|lies) (over|across|on) {the_place}
<hazard:(smoke|flames|sparks|water)> (under|behind|from) the <object:{OBJECT}>!
{the_object} leans dangerously(|, it will tip|, it might fall)
{the_object} (could|might|may|will) (fall|tip over|collapse|explode) (any moment|soon|), keep away
someone could (trip|slip|fall) over the <hazard:(cable|hose|box|rug|step)> {where}
(trip|slip|fire|electric shock|collision) hazard {where}
<hazard:(glass shards|shards|nails|needles|sharp tools)> (scattered|lying|everywhere) {where}
I smell <hazard:(gas|smoke|something burning)> {where}
(a|the) <object:(pipe|hose|tank|drum|canister)> is <hazard:(leaking|dripping|bursting)> {where}
{the_object} is on <hazard:fire>!
<hazard:fire> in {the_place}!
emergency: {bare_hazard} {where}
do not enter {the_place}, {bare_hazard}
the <object:(floor|pavement|path)> {in_place} is <hazard:(wet|slippery|icy|cracked|broken up)>
the <object:(ceiling|wall|scaffold|shelf|roof)> {where} is <hazard:(coming down|cracking|unstable|collapsing)>
a <hazard:(vehicle|car|forklift|truck)> came at me too fast {where}
{the_object} has been left in front of the <object:(emergency exit|fire door|fire exit)>
unattended <hazard:(knife|candle|stove|soldering iron|chainsaw)> {where}
<hazard:(chemical|acid|bleach|petrol|mercury|toxic waste)> on the <object:(floor|bench|table)> {in_place}
almost slid on {a_hazard} {where}
<hazard:steep drop> {where}
{bare_hazard}!
the <object:railing> {where} is <hazard:(loose|missing|broken)>
{see} {a_hazard} {where}
there (is|was|'s) {a_hazard} {where}
{a_hazard} {where}
{a_hazard} {where}(,|;) (stay away|be careful|keep clear|needs cleaning|I stopped|rerouting|careful)
(careful|caution|warning|danger|watch out|attention)(:|,|!) {a_hazard} {where}
hazard: {bare_hazard} {bare_where}
hazard detected: {bare_hazard}, {bare_place}
HAZARD type={bare_hazard} loc={bare_place}
(smell|smelled) of <hazard:(gas|smoke|burning)> {in_place}
{a_hazard} (is blocking|blocks|on|covers) {the_place}
{the_object} is (leaking|<hazard:smoking>|<hazard:burning>|on <hazard:fire>|<hazard:overheating>) {where}
<object:(water|oil|milk|acid|juice|coffee|diesel|paint|cleaning fluid)> <hazard:(spilled|leaking|spilt)> {where}
<hazard:(smoke|sparks|fumes|flames|steam)> (coming from|rising from|out of|near) {the_object}
the <object:floor> is <hazard:(slippery|wet and slippery|slick|icy|flooded)> {where}
the <object:(stairs|steps|ramp)> (is|are) <hazard:(slippery|icy|unsafe|broken)>
{the_object} is about to <hazard:(fall|collapse|tip over)> {where}
(a |the |)<hazard:(broken|loose|damaged|exposed|frayed) (cable|wire|railing|step|tile|handrail|pipe|window pane|plank|power cord)> {where}
(a |the |)<hazard:(broken|loose|damaged|bent) (cable|railing|board|pipe|nail|grille|bracket)> (sticks out|hangs down) {where}
{the_object} is <hazard:(unstable|unsafe|dangerous|blocking the exit)> {where}
{the_object} blocks the <object:(emergency exit|fire exit|fire door)>
{person} slipped on {a_hazard}
risk of {bare_hazard} {where}
dangerous: {bare_hazard} {where}
I had to stop because of {a_hazard} {where}
avoid {the_place}, {a_hazard}
{the_place} is full of <hazard:(smoke|steam|dust|fumes|water)>
there is {a_hazard} next to {a_person}
{the_device} is <hazard:(sparking|smoking|overheating|burning)>
<person:someone> <hazard:spilled> <object:(water|coffee|oil|paint)> {where}
""",
    "battery_status": """
charge is down to a (third|quarter|half|fifth), I'd better go back
about (ten|twenty|thirty|fifty|eighty) percent (of juice|of charge|of power|) left
not much (juice|power|charge|energy) left, {pct}
<object:battery pack (a|b|1|2)>: {volts}, {pct}
I should (charge|recharge|find the <object:charger>|go back to the <object:dock>) soon
(half|a third|a quarter) of the <object:battery> is left
(energy|power|charge) level: {pct}
enough (charge|power|battery) for {small} more (minutes|rounds|trips)
<object:battery> (good|ok|fine|critical|nearly flat), {pct}
<object:battery> went from {pct} to {pct}
I'm (nearly|almost|completely) (flat|drained|out of power)
(the <object:charger>|<object:dock>) gives no current, <object:battery> {pct}
<object:batteries> at {pct} each
taking a break to charge, {pct}
charged up to {pct}
back at full power
the cells are at {volts}
power reserve {pct}, {small} minutes to go
voltage dropped to {volts}
estimated runtime {small} minutes
<object:battery> too hot, {small} degrees
<object:battery> cell {small} weak
(the |my |our |)<object:battery> (is |at |is at |level is |level |level at |level: |charge is |now |down to |dropped to |still |)({pct}|{pct}|<state:low>|<state:critical>|<state:full>|almost <state:empty>|nearly <state:empty>)
<object:battery>: {pct}
<object:(batt|battery)> {pct}, {volts}
<object:battery> {pct} and <state:charging>
<object:battery> voltage {volts}
BMS: soc={pct} temp={small}C
soc {pct}
state of charge: {pct}
charge level {pct}
(power|charge) (is |)(at|down to) {pct}
{pct} (charge|power|battery) (left|remaining)
I have {pct} (of charge|of battery|power) left
only {pct} left(, I (need|have) to recharge|, heading for the <object:charger>|)
<state:low> <object:battery>(, {pct}|, returning to the <object:dock>|!|)
<object:battery> <state:low>(, going to the <object:charging station>|, {pct}|, please charge|)
<object:battery> (is |)(fully|half|partly) <state:charged>
fully <state:charged>
(I am |I'm |robot is |)<state:charging> at the <object:(dock|charger|charging station|docking station)>
<state:charging> (started|finished|complete|stopped|interrupted) at {pct}
(need|needs|have|has) to (recharge|charge) (soon|now|within {small} minutes)
running (low|out) of (power|charge|battery)
<object:battery> (health|capacity) (is |at |){pct}
<object:battery> temperature {small} degrees
<object:battery> will last (another |about |){small} (minutes|hours)
power (supply |)(<state:low>|<state:critical>)
(the |)spare <object:battery> is <state:(full|empty|dead|charged)>
<object:battery> swapped, now {pct}
<object:battery> drained from {pct} to {pct} (during|on) the <skill:(patrol|delivery|inspection|mapping)>
<object:battery> drops faster than usual, {pct} after {small} minutes
plugged in, <object:battery> at {pct}
WARN battery_monitor: {pct}
the <object:(drone|gripper|tablet|scanner|remote|wheelchair|trolley) battery> (is at {pct}|is <state:(low|empty|full|dead)>)
""",
    "task_started": """
off to (collect|fetch|get|deliver|sort|clean|bring) the {plural_object} (from|in|to) {the_place}
(beginning|starting|doing) (the|my) <skill:(evening|morning|night|weekly|daily|first|second) (round|patrol|tour|inspection|check)> (through|of|in) {the_place}
I'm going to (sweep|clean|mop|check|patrol|tidy|search) {the_place} (now|next|)
(let me|I shall|time to|I have to|going to) {task}
{name} wants {the_object}, I'm on it
I have been (told|asked|ordered) to {task}
got the job to {task}
{skill} (is|has been) (scheduled and started|launched|triggered|initiated) (at {clock}|by {name}|)
taking {the_object} to {the_person} now
bringing {the_object} to {the_place}
I set out to {task}
leaving for {the_place} to {task}
departing for {the_place}
step 1 of {small}: {task}
now: {task}
{skill} run number {small} has started
(first|next) I {task}
here we go: {skill}
{task}, in progress
{person} sends me to {the_place} for {the_object}
accepted: {task}
the <skill:(cleaning|delivery|inspection|patrol)> of {the_place} begins
I am now {gerund} {the_place}
(started|starting|beginning|began|begin|commencing|resuming|resumed|initiated) (the |a |my |){skill}(| {in_place}| of {the_place}| for {name})
(I|we|robot) (started|started with|began|am starting|will start|will begin) (the |a |){skill}(| {in_place})
(new task|task|mission|goal|new goal|new job) (started|assigned|received|accepted): {task}
new (task|mission|goal|job): {task}
task started: {task}
task_started skill={skill_tag} target={bare_place}
(I am|I'm|we are) (going|about) to {task}
(I will|I'll|will) (now |){task}
(on my way|heading out|setting off|setting out|off|leaving the <object:dock>) to {task}
(on my way|heading|on the way) to {the_place}
started to {task}
starting to {task}
(starting|began|started) {gerund} {the_place}
(starting|began|started) {gerund} the {plural_object}
(executing|running) {skill}, step 1
{skill} (started|begins|has begun|begins now|initiated|is starting|under way)
{skill} {in_place} (started|begins|has begun|in progress)
{name} (asked|told|sent) me to {task}, (starting|on my way|going now)
mission {small} started: {skill}
beginning (mission|shift|round) {small} with (a |the |){skill}
nav goal accepted: {bare_place}
(navigating|driving|heading|going) to {the_place} to {task}
next up: {task}
{task}: started
request accepted: {task}
kicked off (the |){skill}
""",
    "task_succeeded": """
all {small} {plural_object} (have been|were) (watered|fed|counted|moved|cleaned|charged|labelled|loaded)
{the_object} for {name} (handed over|delivered|dropped off) (at|in|to) {the_place}
<object:(mail|parcel|lunch|medicine|package|order)> for {name} (handed over|delivered|received) at the <object:(front desk|reception|counter)>
{skill} of {the_place} is (complete|done|finished), {small} (square metres|minutes|rooms|items)
{the_place} is (clean|tidy|done|finished|disinfected) now, {skill} over
{the_place} (swept|cleaned|mopped|vacuumed|scanned|mapped|checked)
made it: {the_object} is with {the_person}
{the_person} has {the_object} now, mission accomplished
(the |){skill} (ended|went|worked) (well|without problems|as planned|perfectly)
I did it, {past_task}
{past_task}, (all done|done|task finished|as ordered|no problems)
(the |){skill} was a success
I have (delivered|found and delivered|brought) {the_object} to {the_person}
(picked|grasped|lifted) {the_object} at the first try
order {small} completed
{small} of {small} {plural_object} delivered, all done
finally (docked|found the way|finished|got it done)
goal {bare_place} reached in {small} s
mission {small} ended with success
everything on the list is done
{the_object} safely in {the_place}, job finished
returned to the <object:dock> after finishing the {skill}
{gerund} {the_place} is done
(finished|completed|done with|finished with) (the |my |a |){skill}(| {in_place}| of {the_place})
{skill} (finished|completed|complete|done|succeeded|successful|was successful|is complete|accomplished)
{skill} {in_place} (finished|completed|done|succeeded|was successful|went well)
{skill} of {the_place} (finished|completed|done|succeeded)
successfully {past_task}
{past_task} successfully
task (done|complete|completed|succeeded|accomplished|finished): {task}
mission (complete|accomplished|succeeded): {skill}
task_succeeded skill={skill_tag} target={bare_place} t={small}s
(I|we|robot) (have |)(finished|completed|managed to finish) (the |){skill}
(I|we) managed to {task}
(delivered|handed over|brought) {the_object} to {name}(, done|, task complete| as asked)
delivered {the_object} to {the_place}
delivered {count_objects} to {the_person}
handed {the_object} (over |)to {the_person}
{the_object} delivered to {the_person}
{name} (received|accepted|signed for) {the_object}, delivery (done|complete)
(reached|arrived at) (the |)goal: {bare_place}
goal reached, {skill} done
all {plural_object} (checked|cleaned|scanned|delivered|sorted|collected|counted)
all {small} {plural_object} have been (checked|scanned|delivered|sorted|collected|counted)
finished {gerund} {the_place}
done {gerund} {the_place}
{task}: (done|success|succeeded|ok|completed)
{skill} took {small} minutes, no problems
docked at the <object:(charging station|dock|charger)> successfully
docking (complete|successful)
job done: {task}
after (two|three) attempts I managed to {task}
{the_place} has been (mapped|cleaned|scanned|inspected) completely, {skill} complete
""",
    "task_failed": """
{the_object} is too (high|heavy|wide|slippery|big) for me, I (can't|cannot) (open|lift|grasp|carry|reach) it
aborting {skill}: {reason}
{skill} aborted: nobody opened the <object:door> of {the_place}
wheel blocked by {a_object}, {skill} failed
(had|have|was forced) to (stop|abort|interrupt|cancel) {skill}(|, {reason}|: {reason})
I (couldn't|could not|can't) get (through|past|around|into) {the_place}
no (success|luck) with (the |){skill}
(the |){skill} did not (work|succeed|finish|go through)
unfinished: {task}, {reason}
{task} is impossible, {reason}
tried {small} times to {task}, (no success|without success|in vain)
my way to {the_place} is blocked, turning back
turned back {in_place}, {reason}
could not deliver {the_object}, {the_person} was not {in_place}
I let {the_object} fall
{the_object} fell out of the <object:gripper>
{the_device} stayed <state:(closed|locked|shut)>, I could not go on
(wheels|arm|gripper|motor) jammed, {skill} stopped
{skill} incomplete, {reason}
missed the <object:(dock|charger|goal)>
exception during {skill}: {reason}
abort: {reason}
{name} cancelled the {skill}
sorry, I was not able to {fail_task}
never found {the_person}, {skill} failed
{skill} (failed|aborted|was aborted|cancelled|was cancelled|timed out|unsuccessful|did not succeed|could not be completed)
{skill} {in_place} (failed|aborted|was cancelled|timed out)
{skill} (failed|aborted|cancelled): {reason}
{skill} failed because {reason}
failed to {task}
failed to {task}, {reason}
(could not|couldn't|cannot|can't|was unable to|unable to|not able to|was not able to) {fail_task}
(could not|couldn't|cannot|can't|was unable to) {fail_task}, {reason}
(could not|couldn't|was unable to) {fail_task} because {reason}
I (could not|couldn't|did not manage to|failed to|had to give up trying to) {fail_task}
task failed: {task}
task_failed skill={skill_tag} reason={small}
ERROR {skill}: {reason}
(aborted|cancelled|gave up|giving up|abandoned) (the |){skill}(|, {reason}|: {reason})
gave up (the |){skill} after {small} (attempts|tries|minutes)
(I am|I'm|robot is|got) stuck {where}
stuck {where}, {reason}
(lost my way|got lost|lost localization) {in_place}
navigation to {the_place} failed
{the_place} (is|was) unreachable(|, {reason})
no path to {the_place}(|, {reason})
the <object:gripper> (dropped|lost|could not hold|did not grip) {the_object}
dropped {the_object} while {gerund} {the_place}
{the_device} (would not|wouldn't|won't|did not|didn't) (open|close|start|respond|move|let me through), {skill} (failed|aborted|cancelled)
{task}: failed
{task}: failed, {reason}
mission {small} failed: {reason}
goal {bare_place} rejected
planner error {small}: no path to {the_place}
timeout while {gerund} {the_place}
{small} of {small} {plural_object} delivered, then {skill} aborted
{name} was not {in_place}, so I could not {fail_task}
""",
    "speech_heard": """
{speaker} wanted to know (when|where|why|if) {statement}
{speaker} wants to know (when lunch starts|where {the_object} is|what time it is|who is there)
"{utterance}" - said {speaker}
"{utterance}" - {name}
{name} to me: {utterance}
<person:(grandpa|grandma|mum|dad|mother|the boss)>: {utterance}
(PA system|loudspeaker|tannoy|walkie-talkie|phone call): {utterance}
{speaker}: {utterance}
somebody (shouts|yells|calls|cries) "{utterance}"
{speaker} (yelled|screamed|shouts|cried|murmured|sang|joked)(:|,) {utterance}
{speaker} (reads|read) aloud from {a_object}
{speaker} (said|says) (hello|goodbye|good morning|thanks|sorry|yes|no)(| to me| to {name})
{speaker} (said|mentioned|explained) something about {the_object}
I was told (that {statement}|to {task})
I heard that {statement}
{speaker} asks for (help|directions|{the_object}|a {obj})
{speaker} tells {the_person} that {statement}
command received from {name}: {task}
{name} called: {utterance}
according to {name}, {statement}
{speaker} asked, "{utterance}"
{speaker} asked: {utterance}
{speaker} is (singing|shouting|talking loudly|speaking on the <object:phone>) {in_place}
a <person:{PERSON}> {in_place} asks: {utterance}
question from {speaker}: {utterance}
{speaker} (confirmed|denied|insisted|admitted|believes) that {statement}
{speaker} (said|says|asked|asks|shouted|called|replied|answered|announced|mentioned|whispered)(:|) "{utterance}"
{speaker} (said|says|asked|asks|shouted|called): {utterance}
"{utterance}" (said|asked|shouted|says) {speaker}
heard: "{utterance}"
heard {speaker} say(ing|) "{utterance}"
{speaker} (said|says|mentioned|told me|announced|explained|complained|reported) that {statement}
{speaker} told (me|us|the robot) (that {statement}|to {task})
{speaker} (asked|wants|ordered|reminded|begged) (me|us|the robot) to {task}
{speaker} asked (where|whether|if) {the_object} (is|was|are) (|{in_place})
{speaker} asked where {the_object} is
{speaker} asked (me |)for {the_object}
{speaker} (greeted|thanked|called|welcomed|praised) (me|the robot)(| {in_place})
{speaker} (warned|complained) (me |us |)about {the_object}
heard (a |the |some |)(voice|voices|shouting|screaming|announcement) {in_place}
(announcement|intercom|radio|loudspeaker|voice)(:| says:) {utterance}
asr: {utterance}
voice command: {task}
speech: "{utterance}"
[speech] {name}: {utterance}
{speaker} is calling (for help|for {name}|me) {in_place}
{name}: "{utterance}"
a voice from {the_place} (said|shouted) "{utterance}"
{speaker} and {speaker} (talked|were talking|chatted|argued) about {the_object}
{speaker} wants to know where {the_person} is
{speaker} would like {a_object}
overheard {speaker} saying {statement}
{speaker} promised to bring {the_object}
""",
    "note": """
{the_place} (delivers|opens|closes|is cleaned|gets busy) at {clock} every (morning|day|week|monday)
no one (around|here|there|to be seen) {in_place}
a <object:(dog|bird|cat|child|car|radio)> (barks|sings|cries|is loud|can be heard) somewhere outside
wifi is (slow|down|good) {in_place}
it has (started|stopped) to (rain|snow)
it (rains|snows|is getting dark|is hot today|thunders)
nothing to (see|report|do) {in_place}
quiet (night|morning|day) {in_place}
the {obj} is the property of {name}
{plural_object} are always (kept|stored|found) {where}
every (monday|friday|morning) {name} (cleans|checks|uses|brings) {the_object}
{the_place} was built in {year}
there are {small} {plural_object} in the whole building
{the_place} (has|had) {small} (seats|doors|beds|visitors a day)
the <object:(clock|bell|church bell)> struck (three|noon|nine)
(loud|faint|strange) (noise|noises|music|voices|footsteps|steps) (somewhere|far away|behind the <object:wall>)
{name} (is|will be) (away|in a meeting|at lunch|back) (today|until {clock}|at {clock})
tomorrow {the_place} will be closed
deliveries (come|arrive) at {clock}
{the_object} weighs {small} kilograms
{the_object} should be replaced next (week|month)
new rule: no {plural_object} {in_place}
logging (started|stopped)
shift change at {clock}
I waited for {name} {in_place}
the air {in_place} is (fresh|stuffy|humid|{small} ppm co2)
smells like <object:(coffee|fish|paint|flowers|fresh bread)> {in_place}
ok
robot idle
all systems nominal
the <object:elevator> takes {small} seconds
{the_place} is the biggest room
no <object:{OBJECTS}> or people moved since {clock}
nobody answered
(nobody|no one|no person|no people) {in_place}
there (is|was|'s) (nobody|no one|nothing|nothing unusual) {in_place}
{the_place} has {count_objects} according to the <object:(plan|map|list)>
(nothing|nothing special|nothing new|nothing unusual|all quiet|everything normal|everything in order|no changes) {in_place}
all clear {in_place}
{the_place}: (all quiet|no changes|nothing to report|ok)
(heard|hearing|there was) (a |)(noise|loud noise|strange sound|knocking|humming|bang|beeping|music) (from|in|near) {the_place}
a <object:(siren|dog|alarm|phone|doorbell|machine)> (could be heard|is ringing|is barking|rang) in the distance
{the_object} (is|are) usually {where}
{name} (usually|always|often|normally) (works|sits|parks|has lunch) {in_place}
{the_place} opens at {clock}
{the_place} is (usually|always|often) (busy|quiet|crowded|empty) (in the morning|at noon|on mondays|at night|after {clock})
(remember|note|reminder|fyi|note to self)(:|,) {statement}
(remember|note|reminder)(:|,) {the_object} belongs {where}
{the_object} belongs to {name}
(the |)temperature (is|was|) {small} degrees {in_place}
humidity {pct} {in_place}
(co2|noise level|light level|air quality) {in_place} (is|was|:) {small}
(wifi|signal) (is |)(weak|strong|good|bad) {in_place}
it is (raining|snowing|sunny|windy|foggy|cloudy|cold) outside
(strong|light) (rain|wind|snow) {in_place}
visitors are expected at {clock} {in_place}
the meeting (is|was) (moved|scheduled) to {clock}
no {hazard_word} {in_place}, (all fine|everything fine|all clear)
{the_place} is {small} metres (wide|long|away from {the_place})
{the_place} is next to {the_place}
{the_object} costs {small} euros
{the_object} (is|was) bought in {year}
{the_place} smells (of <object:(coffee|lavender|paint|bread|soup)>|good|clean|musty)
map (saved|loaded|updated): {bare_place}
heartbeat ok, uptime {small} h
software version {small}.{small} installed
good morning
test
the speed limit {in_place} is {small} km/h
{name} likes {plural_object}
{name}'s birthday is on (friday|monday|sunday)
only authorised staff may enter {the_place}
the code for {the_device} is {digits}{digits}
{the_person} is on (holiday|vacation|leave) until (monday|friday)
waited {small} minutes {in_place}
standing by {in_place}
the way to {the_place} is (shorter|longer) through {the_place}
we counted {small} {plural_object} in total (last week|yesterday|last month)
the <object:floor> plan shows {the_place} on the left
""",
}

UTTERANCES = """
where is {the_object}?
where did you put {the_object}?
have you seen {the_object}?
please bring {the_object} to {the_place}
bring me {the_object}
can you {task}?
could you please {task}?
robot, {task}
{task} please
stop
help
come here
follow me
thank you
good morning, robot
the {obj} is broken
be careful with {the_object}
I need {a_object}
I'm in {the_place}
lunch is ready
don't forget {the_object}
where is {name}?
{name} is waiting in {the_place}
the meeting starts at {clock}
someone left {the_object} {where}
who moved {the_object}?
please close {the_device}
turn off {the_device}
is {the_device} locked?
there is {a_hazard} in {the_place}
what is your battery level?
the delivery for {the_place} is late
{name} to {the_place}, please
we are closing in {small} minutes
I can't find {the_object}
hello
what time is it?
you can charge now
leave {the_object} {where}
the lift is out of order
"""

STATEMENTS = """
{the_object} is {where}
{the_object} is broken
{the_device} must be closed at night
{name} is in {the_place}
{name} needs {a_object}
lunch is at {clock}
the meeting starts at {clock}
{the_place} is closed today
{the_object} should be brought to {the_place}
there is {a_hazard} in {the_place}
he lost {the_object}
she is looking for {the_object}
the {plural_object} arrive on (monday|tuesday|friday)
nobody may enter {the_place}
everything is fine
the visitors come at {clock}
they need more {plural_object}
"""

REASONS = """
the <area:path> is <state:blocked>
the <area:path> is <state:blocked> by {a_object}
{the_device} is <state:(closed|locked|jammed|broken)>
{a_object} in the way
{a_person} in the way
{the_object} is too heavy
{the_object} slipped
{the_object} was not there
no answer from {the_person}
timeout
timeout after {small} s
wheel slip
no path found
the <object:battery> was too <state:low>
the <object:gripper> did not close
lost localization
sensor fault
connection lost
too many people
the <object:(elevator|lift)> did not come
obstacle ahead
"""
