"""The words that the corpus is made of: sentence patterns, things, places, people; and other words to ask with."""

THINGS = """
fire extinguisher; first aid kit; pallet jack; forklift; cleaning cart; mop bucket; vacuum cleaner; wheelchair;
stretcher; oxygen cylinder; infusion pump; defibrillator; laptop; projector; whiteboard; printer; server rack; router;
extension cord; power strip; toolbox; cordless drill; torque wrench; screwdriver set; ladder; step stool; safety
helmet; reflective vest; pair of gloves; pair of goggles; cardboard box; wooden crate; plastic tote; steel drum;
jerrycan; gas bottle; paint can; roll of tape; pallet of tiles; stack of chairs; folding table; office chair;
armchair; bookshelf; filing cabinet; locker; coat rack; umbrella; backpack; suitcase; handbag; lunch box; coffee mug;
kettle; water cooler; vending machine; microwave; refrigerator; dish rack; tray of glasses; thermos; fruit bowl;
potted palm; watering can; garden hose; wheelbarrow; rake; snow shovel; traffic cone; barrier tape; warning sign;
floor lamp; desk lamp; ceiling fan; space heater; thermostat; smoke detector; security camera; badge reader; intercom;
key ring; padlock; set of master keys; parcel; envelope; newspaper; clipboard; logbook; delivery note; bicycle;
scooter; baby stroller; dog bowl; cat carrier; teddy bear; football; yoga mat; guitar case; microphone stand;
loudspeaker; camera tripod; drone; charging dock; spare battery; cable drum; fuse box; water pump; air compressor;
hydraulic lift; conveyor motor; barcode scanner; label printer; weighing scale; shrink wrap machine; hand truck; tape
dispenser; shopping trolley; rain barrel; sandbag; tarpaulin; rope coil; life jacket; anchor chain; fishing net;
paddle; toolbelt; soldering iron; oscilloscope; microscope; centrifuge; pipette rack; sample fridge; eyewash bottle;
lab coat; petri dish tray; glass beaker; fume filter; waste bin; recycling container; paper shredder; hole punch; desk
fan; wall clock; picture frame; vase of tulips; carpet roll; curtain rod; bunch of balloons; birthday cake
"""

PLACES = """
main entrance; reception desk; lobby; north corridor; south corridor; east stairwell; west stairwell; freight
elevator; passenger lift; canteen; kitchen; pantry; dining hall; conference room; meeting room 4; server room; print
room; mail room; archive; library; workshop; tool crib; paint booth; welding bay; assembly line 2; packing station;
loading dock; cold store; high rack aisle; pallet area; returns desk; weighbridge; parking garage; bicycle shed;
courtyard; rose garden; greenhouse; roof terrace; boiler room; pump house; generator hut; battery room; laundry; linen
closet; nurses' station; ward 3; operating theatre; pharmacy; waiting area; x-ray suite; laboratory; clean room;
chemical store; gym; changing room; swimming pool; classroom 12; auditorium; music room; nursery; play area; staff
lounge; security office; control room; boat ramp; pier; dry dock; quay; customs office; night exit; emergency exit B;
charging corner; utility tunnel; catwalk; mezzanine; basement
"""

PEOPLE = """
Amara; Bjorn; Chiara; Dmitri; Elif; Farid; Greta; Hiroshi; Ingrid; Jamal; Katya; Leandro; Mei; Nikhil; Oksana; Pablo;
Quentin; Rosa; Stefan; Tariq; Ulla; Viktor; Wanda; Xavier; Yusuf; Zofia; a nurse; a courier; the janitor; two
electricians; a visitor in a grey coat; a forklift driver; the night guard; a group of students; a child; an elderly
man; a woman with a pram; the shift leader; a painter on a ladder; the plumber; a delivery driver; the site manager; a
firefighter; three trainees; the cook; the librarian; a welder; a surgeon; the gardener
"""

STATES = """
open; closed; locked; unlocked; jammed; broken; leaking; empty; half full; full; overflowing; dusty; wet; dry; frozen;
warm; hot; cold; switched on; switched off; unplugged; plugged in; blinking red; blinking green; silent; rattling;
dented; scratched; cracked; missing a wheel; tipped over; upright; covered with a sheet; wrapped in foil; sealed;
torn; rusty; freshly painted; out of paper; out of order; fully charged; almost flat; calibrated; misaligned; taped
shut; labelled fragile; marked for disposal; reserved; spotless; sticky; steaming; mouldy
"""

LOOKS = """
red; blue; green; yellow; orange; black; white; grey; brown; purple; silver; striped; transparent; small; large;
heavy; old; new; spare; borrowed; rented; unlabelled; battered; folding; portable; wooden; metal; plastic; second;
third
"""

SPOTS = """
next to the window; behind the door; under the stairs; on the top shelf; on the lower shelf; in the corner; against
the left wall; against the right wall; in the middle of the floor; beside the sink; below the sign; near the pillar;
on the bench; on the windowsill; close to the exit; half hidden by a curtain; between two cabinets; at the foot of the
ramp; by the drain; on a trolley; at shoulder height; on the floor; beneath the pipes; facing the wall; at the far
end; just inside the door; outside the gate; where the tape is
"""

HAZARDS = """
a puddle of oil; broken glass; smoke; a smell of gas; a trailing cable; an open manhole; a loose railing; a wet floor;
sparks from a socket; a blocked escape route; a falling stack; a hot surface; a chemical spill; ice on the ramp; a
wasp nest; a swinging hook; low hanging wires; a missing floor tile; a sharp edge; loud alarm noise
"""

SKILLS = """
patrol; delivery; inventory count; floor cleaning; meter reading; guided tour; disinfection round; package pick up;
window check; temperature survey; door inspection; waste collection; mapping run; night watch; tray return; linen
transport; shelf scan; leak search
"""

SAYINGS = """
please bring the {thing} to the {place};
who moved the {thing};
the {place} stays closed until noon;
the {thing} belongs in the {place};
remember that the {thing} is {state};
I left the {thing} {spot};
do not enter the {place} today;
the meeting moved to the {place};
tell {person} that the {thing} arrived;
someone should repair the {thing};
we need another {thing} for the {place};
the lift is back in service
"""

# event: patterns. {thing} {other} things, {place} {goal} places, {person}, {state}, {look}, {spot}, {hazard}, {skill},
# {saying}, {n} a number.
PATTERNS: dict[str, str] = {
    "object_seen": """
        A {look} {thing} stands {spot} in the {place}.;
        I can see a {thing} {spot} of the {place}, it looks {state}.;
        There is a {look} {thing} in the {place} {spot}.;
        Spotted {n} cartons and a {thing} at the {place}.;
        The {thing} was lying {spot} when I drove through the {place}.;
        Camera shows a {look} {thing} beside a {other} in the {place}.;
        One {thing}, {state}, {spot}, {place}.;
        Passing the {place}: a {thing} leans {spot}.;
        Detected {thing} with {n} percent confidence at the {place}.;
        In the {place} the {look} {thing} sits on top of the {other}.;
        A {other} and a {look} {thing} are parked together in the {place}.;
        The inventory of the {place} includes a {look} {thing} {spot}.
    """,
    "object_moved": """
        The {thing} is no longer {spot}, it now stands in the {place}.;
        Somebody shifted the {look} {thing} from the {goal} to the {place}.;
        {person} carried the {thing} over to the {place}.;
        The {look} {thing} has been pushed {n} metres towards the {place}.;
        Found the {thing} in the {place} although it used to be in the {goal}.;
        The {thing} changed places with the {other} in the {place}.;
        The {thing} was rolled out of the {goal} and left {spot} in the {place}.
    """,
    "object_missing": """
        The {thing} that normally hangs {spot} in the {place} is gone.;
        Could not find the {look} {thing} in the {place}.;
        No {thing} {spot} any more, only a {other}.;
        The {place} shelf is bare where the {thing} used to be.;
        Looked for the {thing} in the {place} for {n} minutes without success.;
        The holder for the {thing} {spot} of the {place} is empty.
    """,
    "person_seen": """
        {person} is waiting at the {place} {spot}.;
        Met {person} in the {place} carrying a {look} {thing}.;
        {person} walked past me towards the {place}.;
        Saw {person} talking on the phone {spot} in the {place}.;
        {person} sits {spot}, reading, in the {place}.;
        {person} and {n} others gathered around the {thing} in the {place}.;
        {person} waved at the robot near the {place}.;
        {person} is repairing the {thing} in the {place}.;
        {person} left the {place} with a {thing} under one arm.
    """,
    "place_entered": """
        Entered the {place} coming from the {goal}.;
        Arrived at the {place} after {n} seconds of driving.;
        I am now inside the {place}, it is quiet.;
        Crossed the threshold of the {place} behind {person}.;
        Rolled into the {place} and stopped {spot}.;
        Reached waypoint {n} at the {place}.
    """,
    "state_changed": """
        The {thing} in the {place} is {state} now.;
        The door of the {place} is {state}.;
        The lights in the {place} went off {n} minutes ago.;
        Since this morning the {look} {thing} has been {state}.;
        The {thing} {spot} turned from {state} to working again.;
        Temperature in the {place} rose to {n} degrees.;
        The gate between the {place} and the {goal} is {state}.;
        The display of the {thing} reads {n} and it is {state}.
    """,
    "hazard_seen": """
        Careful: {hazard} in the {place} {spot}.;
        Noticed {hazard} close to the {thing} in the {place}.;
        {hazard} {spot}, {n} metres before the {place}.;
        Had to stop because of {hazard} at the {place}.;
        {person} reported {hazard} in the {place}.;
        There is still {hazard} around the {look} {thing}.
    """,
    "battery_status": """
        Battery at {n} percent while idling in the {place}.;
        Charge dropped to {n} percent during the {skill}.;
        Plugged into the charger at the {place}, {n} percent.;
        Low power, {n} percent left, heading for the {place}.;
        Pack voltage is fine after {n} minutes of {skill}.
    """,
    "task_started": """
        Starting the {skill} in the {place}.;
        Begin {skill} number {n}: first stop {place}.;
        {person} asked me to fetch the {look} {thing} from the {place}.;
        On my way to the {place} to pick up a {thing}.;
        Set off for the {skill}, {n} stops planned.
    """,
    "task_succeeded": """
        Finished the {skill} of the {place} in {n} minutes.;
        Delivered the {look} {thing} to {person} at the {place}.;
        The {thing} was handed over in the {place} without trouble.;
        Checked all {n} windows of the {place}.;
        Counted {n} pieces of {thing} in the {place}, list complete.;
        Docked at the {place} at the second attempt.
    """,
    "task_failed": """
        Could not finish the {skill}: the way to the {place} is blocked by a {thing}.;
        Grasping the {look} {thing} failed {n} times.;
        Gave up the delivery to {person}, nobody was in the {place}.;
        Lost localisation in the {place} during the {skill}.;
        The lift did not come, the {skill} on the upper floor was cancelled.;
        The {thing} slipped from the gripper {spot} in the {place}.
    """,
    "speech_heard": """
        {person} said: {saying}.;
        Heard {person} shout in the {place}: {saying}.;
        A voice from the {place} asked whether the {thing} is {state}.;
        {person} told me to avoid the {place} for {n} minutes.;
        Announcement in the {place}: {saying}.
    """,
    "note": """
        The {place} smells of fresh paint today.;
        It is raining hard outside the {place}.;
        The wireless signal is weak between the {place} and the {goal}.;
        The {place} has been rearranged, the {thing} faces the {other}.;
        Footprints lead from the {place} to the {goal}.;
        Music is playing in the {place}.;
        {n} people fit into the {place} according to the plate.;
        The floor of the {place} was polished and reflects the {thing}.
    """,
}

# How often each event happens, of 100.
SHARES = {
    "object_seen": 34,
    "object_moved": 6,
    "object_missing": 4,
    "person_seen": 14,
    "place_entered": 9,
    "state_changed": 9,
    "hazard_seen": 4,
    "battery_status": 4,
    "task_started": 4,
    "task_succeeded": 4,
    "task_failed": 2,
    "speech_heard": 4,
    "note": 2,
}

# Questions that share no pattern with the sentences above, and name things by other words.
ASKED = """
device for putting out a blaze; box with plasters and bandages; lift truck; thing to mop up with; hoover; mobile chair
for a patient; machine for restarting a heart; notebook computer; beamer; networking box; spanner; something to climb
on; hard hat; hi-vis clothing; shield for the eyes; carton; barrel; fuel canister; sticky roll; seat; shelves for
books; rain protection; rucksack; luggage; cup; boiler for tea; fridge; house plant; sprinkler hose; orange marker
cone; reading light; radiator; fire alarm; CCTV; access card terminal; lock; bundle of keys; package; letter;
two-wheeler; pram; soft toy; ball; speaker box; quadcopter; power pack; electric panel; code reader; balance for
weighing; buoyancy aid; magnifying instrument; rubbish bin; timepiece; flowers; pastry for a party; cleaner; postman;
guard; medic; slippery ground; splinters; fumes; exposed wiring; frozen ramp
"""

QUESTIONS = """
where would one go to get the {asked}?;
when was the latest sighting of a {asked}?;
has anybody taken the {asked} away?;
any trouble with the {asked} recently?;
which spot holds the {asked} these days?;
did you come across a {asked} on your rounds?;
how often did a {asked} turn up?;
what happened to our {asked}?;
show me everything about the {asked};
who had something to do with the {asked}?;
is the {asked} still usable?;
near which area might a {asked} be found?
"""
