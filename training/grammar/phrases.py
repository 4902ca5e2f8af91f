"""The phrases that the templates are made of. Names in capitals are lists of the vocabulary; the markup is the templates'."""

PHRASES: dict[str, str] = {
    "see": "(I see|I saw|saw|spotted|noticed|I noticed|detected|observed|robot saw|I can see|found|we saw|I spotted|seeing|"
    "looking at|just saw|I have seen|camera detected|robot noticed|I found|there I saw|I observed|we noticed|saw)",
    "adj": "(||||{ADJECTIVE} |{ADJECTIVE} |{ADJECTIVE} {ADJECTIVE} )",
    "person_adj": "(||||{PERSON_ADJECTIVE} )",
    "obj": "<object:{OBJECT}>",
    "a_object": "(a|a|a|a|a|the|one|another|an old|some kind of) {adj}<object:{OBJECT}>",
    "the_object": "(the {adj}<object:{OBJECT}>|the {adj}<object:{OBJECT}>|the <object:{OBJECT}>|my <object:{OBJECT}>|"
    "our <object:{OBJECT}>|<person:{NAME}>'s {adj}<object:{OBJECT}>|the {adj}<object:{OBJECT}>)",
    "the_object_of": "(<person:{NAME}>'s <object:{OBJECT}>|the <object:{OBJECT}> of the <person:{PERSON}>|the missing "
    "<object:{OBJECT}>|the lost <object:{OBJECT}>|the {adj}<object:{OBJECT}>)",
    "plural_object": "{adj}<object:{OBJECTS}>",
    "count_objects": "(two|three|four|five|six|seven|ten|twelve|2|3|4|5|8|15|several|a few|many) {adj}<object:{OBJECTS}>",
    "objects": "({a_object}|{a_object}|{a_object}|{count_objects}|{a_object} and {a_object}|{a_object} with {a_object}|"
    "{a_object}, {a_object} and {a_object}|some {plural_object}|{count_objects} and {a_object})",
    "also_objects": "(also|plus|and|and also|next to it|behind it|and right beside it) {a_object}",
    "at_object": "(on|on|under|next to|behind|near|beside|in front of|in|against|between the <object:{OBJECT}> and|on top of|"
    "to the left of|to the right of|across from|by|above|inside|opposite) the {adj}<object:{OBJECT}>",
    "numbered_room": "<room:{ROOM_HEAD} (1|2|3|4|5|7|9|12|101|204|310|b12|3a|a|b|c)>",
    "floor": "<room:(first|second|third|ground|top|fourth|upper|lower) floor>",
    "numbered_area": "<area:{AREA_HEAD} (1|2|3|4|5|7|8|12|14|21|a|b|c|d|a2|b7|north|east)>",
    "the_place": "(the <room:{ROOM}>|the <room:{ROOM}>|the <room:{ROOM}>|the <area:{AREA}>|the <area:{AREA}>|"
    "{numbered_room}|{numbered_area}|the {floor}|the <room:(hallway|corridor|kitchen|lobby|stairs|elevator)>)",
    "bare_place": "(<room:{ROOM}>|<room:{ROOM}>|<area:{AREA}>|{numbered_room}|{numbered_area})",
    "in_place": "((in|in|in|inside|outside|in front of|near) the <room:{ROOM}>|in the <room:{ROOM}>|in {numbered_room}|"
    "(at|in|on|near|by) the <area:{AREA}>|(at|in|on|near|by) {numbered_area}|on the {floor}|in the middle of the "
    "<room:{ROOM}>|at the <room:entrance> to the <room:{ROOM}>|in the <room:(hallway|corridor|kitchen|lobby|staircase)>)",
    "where": "({in_place}|{in_place}|{in_place}|{at_object}|{at_object}|{at_object}|{at_object} {in_place}|"
    "{in_place} {at_object}|{at_object} {in_place})",
    "bare_where": "((in|at|near) {bare_place}|(on|under|near) <object:{OBJECT}>|@ {bare_place})",
    "to_place": "((to|into|over to|out to|back to) the <room:{ROOM}>|to the <area:{AREA}>|to {numbered_room}|to {numbered_area}|"
    "(onto|under|behind|next to|into|over to|closer to|away from) the <object:{OBJECT}>|from {the_place} to {the_place}|"
    "from the <object:{OBJECT}> to the <object:{OBJECT}>)",
    "name": "<person:{NAME}>",
    "person": "(the|a|the|one) {person_adj}<person:{PERSON}>",
    "a_person": "(a|a|a|the|another|one) {person_adj}<person:{PERSON}>",
    "the_person": "(the <person:{PERSON}>|<person:{NAME}>)",
    "bare_person": "<person:{PERSON}>",
    "plural_person": "{person_adj}<person:{PERSONS}>",
    "someone": "(<person:someone>|<person:somebody>|{person}|{person}|{name}|{name}|two <person:{PERSONS}>)",
    "speaker": "({name}|{name}|{person}|{person}|<person:someone>|a <person:{PERSON}> {in_place})",
    "doing": "(waiting|sleeping|reading {a_object}|cooking|eating|talking|laughing|walking by|standing around|running|working|"
    "sitting {at_object}|standing {at_object}|waiting {at_object}|carrying {a_object}|pushing {a_object}|pulling {a_object}|"
    "using the <object:{OBJECT}>|repairing the <object:{OBJECT}>|cleaning the <object:{OBJECT}>|moving slowly|limping|crying|"
    "making a call|drinking|playing|looking for {the_object}|talking to {the_person}|holding {a_object}|wearing {a_object}|"
    "leaning against the <object:{OBJECT}>|lying on the <object:floor>|asleep|opening the <object:{OBJECT}>)",
    "the_device": "(the <object:{DEVICE}>|the <object:{DEVICE}>|the <object:{DEVICE}> (in|of) the <room:{ROOM}>|"
    "the <object:{DEVICE}> to the <room:{ROOM}>|the <object:{ROOM} (door|light|window|heater)>)",
    "bare_device": "(<object:{DEVICE}>|<object:{DEVICE}>|<object:{DEVICE}> (in|at) {bare_place})",
    "device_state": "(<state:{DOOR_STATE}>|<state:{DOOR_STATE}>|<state:{POWER_STATE}>|<state:{POWER_STATE}>|"
    "<state:{CONTENT_STATE}>)",
    "content_state": "<state:{CONTENT_STATE}>",
    "room_state": "<state:{ROOM_STATE}>",
    "a_hazard": "(a|a|some|the||||) <hazard:{HAZARD}>",
    "bare_hazard": "<hazard:{HAZARD}>",
    "hazard_word": "(smoke|spill|fire|leak|obstacle|fumes|gas)",
    "skill": "<skill:{SKILL}>",
    "skill_tag": "<skill:{SKILL_ID}>",
    "gerund": "<skill:(cleaning|mopping|vacuuming|inspecting|patrolling|scanning|mapping|searching|sweeping|disinfecting|watering)>",
    "task": "{TASK}",
    "fail_task": "({TASK}|{TASK}|reach {the_place}|lift {the_object}|open {the_device}|grasp {the_object}|dock|get to {the_place}|"
    "pass {the_device}|find a way to {the_place}|climb the <object:(step|ramp|kerb)>|connect to the <object:(server|charger)>)",
    "past_task": "(cleaned {the_place}|delivered {the_object}|delivered {the_object} to {the_person}|docked|mapped {the_place}|"
    "picked up {the_object}|scanned {the_place}|inspected {the_object}|watered the <object:plants>|grasped {the_object}|opened "
    "{the_device}|guided {the_person} to {the_place}|localized|loaded the {plural_object})",
    "utterance": "{UTTERANCE}",
    "statement": "{STATEMENT}",
    "reason": "{REASON}",
    "small": "{SMALL}",
    "digits": "{DIGITS}",
    "pct": "{SMALL}(%| %| percent|%|%)",
    "volts": "{SMALL}.{DIGIT} (V|volts)",
    "clock": "(9|10|noon|half past two|{SMALL}:{DIGITS}|3 pm|eight|quarter to four)",
    "year": "20{DIGITS}",
}

TIMES = """
at {clock}
this morning
just now
yesterday
ten minutes ago
at the moment
again
tonight
on {SMALL} may
around noon
during the night
during the <skill:(patrol|inspection|delivery)>
on the way to {the_place}
for the second time
right now
since {clock}
"""
LOG_PREFIXES = (
    "[INFO] ", "INFO: ", "[WARN] ", "[perception] ", "12:04:31 ", "[10:42] ", "obs: ", "log: ", "camera: ", "vision: ", "t=312.5 ",
    "robot_1: ", "event: ", "#17 ", "08:15 - ", "> ", "- ", "[nav] ", "status: ", "caption: ", "node: ",
)  # fmt: skip
SPOKEN_PREFIXES = (
    "okay so ", "uh, ", "um ", "hey, ", "so ", "well, ", "by the way, ", "oh, ", "hmm, ", "all right, ", "look, ", "I think ", "it seems ",
    "apparently ", "as far as I can tell ", "update: ", "note: ", "right, ", "hi, ", "actually, ", "I'd say ",
)  # fmt: skip
SPOKEN_SUFFIXES = (
    ", I think", ", okay", ", you know", ", I guess", ", apparently", ", as usual", ", by the way", " I believe", ", for your information",
    ", not sure though", ", it looks like", ", over",
)  # fmt: skip
SECOND = {
    "object_seen": (
        "{also_objects} {where}", "and {a_object}", "with {a_object} {at_object}", "next to it {a_object}", "{objects} {where} too",
        "no {hazard_word} and nobody around", "the <object:{OBJECT}> is not {where}", "it looks {CONTENT_STATE}",
    ),
    "other": (
        "there is also {a_object} {where}", "{a_object} {where}", "{the_object} is {at_object}", "{a_object} stands {at_object}",
        "nothing else {in_place}", "{a_person} is {where}", "I will look again later", "this was {in_place}", "please check",
        "no (people|visitors|children) {in_place}", "it was near {the_object}", "{the_object} next to it is fine",
    ),
}  # fmt: skip
