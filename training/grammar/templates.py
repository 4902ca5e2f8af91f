"""How observations are worded, by event: one production a line.

`(a|b)` is a choice, `{name}` a phrase or list of training/grammar/phrases.py, `<kind:words>` words that become a tag.
"""

TEMPLATES: dict[str, str] = {
    "object_seen": """
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
somebody('s| has) left {a_object} {where}
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
(someone|somebody) is {where}
in {the_place} {a_person} is {doing}
{a_person} (fell asleep|is asleep) {at_object}
a photo of {a_person} {doing}
{a_person} talking to {a_person} {where}
{small} {plural_person} (counted|in line|waiting) {where}
(entered|reached|drove into) {the_place} and (met|saw|found) {a_person}
""",
    "place_entered": """
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
(arrived|waiting) at the entrance of {the_place}
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
<hazard:(water|oil|milk|acid|juice|coffee|diesel|paint|cleaning fluid)> (spilled|leaking|dripping|running out) {where}
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
someone spilled <hazard:(water|coffee|oil|paint)> {where}
""",
    "battery_status": """
(the |my |our |)<object:battery> (is |at |is at |level is |level |level at |level: |charge is |now |down to |dropped to |still |)({pct}|{pct}|<state:low>|<state:critical>|<state:full>|almost <state:empty>|nearly <state:empty>)
<object:battery>: {pct}
<object:batt>(ery|) {pct}, {volts}
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
the path is blocked
the path is blocked by {a_object}
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
