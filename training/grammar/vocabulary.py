"""The words of the grammar: what stands, happens and walks about at nine sites, and what is the same everywhere.

Lists are written as text, entries parted by commas. No entry comes from the measured sets.
"""

Words = tuple[str, ...]


def _list(text: str) -> Words:
    return tuple(" ".join(entry.split()) for entry in text.split(",") if entry.strip())


OBJECTS: dict[str, Words] = {
    "home": _list(
        """mug, coffee mug, tea kettle, kettle, toaster, frying pan, saucepan, cutting board, bread knife, spoon, fork,
        plate, dinner plate, soup bowl, glass, wine glass, bottle, milk carton, cereal box, banana, apple, lemon, orange,
        tomato, loaf, egg carton, sponge, dish towel, napkin, fridge, freezer, oven, stove, microwave, dishwasher, sink,
        faucet, dining table, armchair, sofa, couch, cushion, blanket, pillow, bed, nightstand, dresser, wardrobe, mirror,
        bathtub, shower curtain, toothbrush, soap dispenser, toilet paper, laundry basket, washing machine, dryer, iron,
        ironing board, vacuum cleaner, broom, dustpan, mop, bucket, remote control, television, game console, bookshelf,
        novel, magazine, newspaper, vase, houseplant, candle, picture frame, alarm clock, floor lamp, rug, curtain, slippers,
        shoe rack, umbrella, coat hook, backpack, school bag, toy car, teddy bear, stroller, dog bowl, cat, dog, leash,
        house key, wallet, glasses, phone charger, guitar, piano, yoga mat, bicycle helmet, garden hose, lawn mower,
        watering can, flower pot, grill, hammock"""
    ),
    "office": _list(
        """desk, standing desk, office chair, laptop, docking station, monitor, keyboard, mouse, headset, webcam, printer,
        paper tray, toner cartridge, shredder, scanner, copier, projector, whiteboard, marker, flip chart, stapler, hole
        punch, folder, binder, envelope, letter, parcel, package, notebook, sticky notes, pen, pencil, calculator, filing
        cabinet, water cooler, coffee machine, vending machine, paper cup, fruit basket, coat rack, briefcase, badge,
        access card, key card, router, network switch, server rack, cable, power strip, extension cord, desk lamp, blinds,
        window, glass door, potted plant, wastebasket, recycling bin, conference phone, microphone, tablet, usb stick,
        hard drive, invoice, contract, lunch box, thermos, jacket, scarf, umbrella stand, fire extinguisher, first aid kit"""
    ),
    "warehouse": _list(
        """pallet, wooden pallet, pallet jack, forklift, crate, cardboard box, carton, tote, bin, shelf, rack, conveyor
        belt, conveyor, barcode scanner, label printer, shrink wrap, packing tape, tape dispenser, box cutter, strapping,
        hand truck, trolley, cart, ladder, step ladder, traffic cone, safety vest, hard hat, work gloves, safety goggles,
        drum, barrel, sack, container, shipping container, truck, trailer, loading ramp, roller door, dock plate, wheel
        chock, scale, weighing scale, clipboard, packing list, shipment, parcel, mesh cage, charger, charging station,
        battery pack, hoist, chain, crane, rope, tarp, spool, cable drum, tyre, steel pipe, plank, toolbox, drill"""
    ),
    "hospital": _list(
        """wheelchair, hospital bed, stretcher, gurney, walker, crutches, drip stand, infusion pump, heart monitor,
        ventilator, oxygen tank, defibrillator, blood pressure cuff, stethoscope, thermometer, syringe, sharps container,
        medicine cart, meal cart, linen cart, blanket warmer, bed sheet, gown, face mask, glove box, hand sanitizer,
        bandage, gauze, scalpel, tray, meal tray, pill box, prescription, blood sample, sample box, specimen fridge,
        patient chart, bedside table, privacy curtain, call button, commode, bedpan, x-ray machine, ultrasound machine,
        scrubs, laundry bag, waste bin, vase, visitor chair, water jug, hearing aid, dentures, teddy"""
    ),
    "farm": _list(
        """tractor, plough, hay bale, straw bale, feed bag, feed trough, water trough, milk can, milking machine,
        pitchfork, shovel, rake, hoe, wheelbarrow, fence, fence post, gate latch, electric fence, barbed wire, hen, rooster,
        cow, calf, sheep, lamb, goat, pig, piglet, horse, saddle, bridle, egg basket, seed tray, seedling, tomato plant,
        sprinkler, irrigation pipe, water pump, rain barrel, compost heap, harvester, trailer, apple crate, pumpkin,
        cabbage, sheepdog, scarecrow, tarpaulin, diesel can, chainsaw, axe, bucket, rope, weather station, beehive, silage"""
    ),
    "lab": _list(
        """microscope, centrifuge, beaker, flask, test tube, test tube rack, pipette, petri dish, bunsen burner, fume
        hood, incubator, autoclave, freezer, balance, hot plate, stirrer, spectrometer, oscilloscope, soldering iron,
        multimeter, power supply, circuit board, robot arm, gripper, 3d printer, laser cutter, filament spool, reagent
        bottle, acid bottle, gas cylinder, nitrogen tank, sample vial, cooling box, lab coat, safety shower, eye wash,
        goggles, glove box, lab notebook, timer, funnel, tweezers, tripod, camera, lens, screwdriver, wrench, pliers,
        toolbox, cable tray, whiteboard, stool, workbench"""
    ),
    "hotel": _list(
        """suitcase, luggage cart, trolley, room key, key card, minibar, bathrobe, towel, hand towel, bed linen, pillow
        case, mattress, hair dryer, kettle, tea set, breakfast tray, room service cart, champagne bottle, ice bucket,
        menu, reception desk, bell, luggage rack, hanger, safe, telephone, lamp, curtain, bath mat, shampoo bottle, soap,
        slippers, armchair, sofa, coffee table, flower arrangement, painting, chandelier, carpet, revolving door, sun
        lounger, parasol, pool towel, newspaper stand, brochure, taxi sign, stroller, cleaning cart, vacuum cleaner, laundry
        bag, passport, handbag, sunglasses, hat"""
    ),
    "school": _list(
        """backpack, pencil case, textbook, exercise book, ruler, chalk, eraser, blackboard, whiteboard, globe, map,
        school desk, bench, lunch box, water bottle, football, basketball, jump rope, hula hoop, gym mat, climbing frame,
        swing, slide, bicycle, scooter, skateboard, helmet, locker, lost mitten, jacket, cap, violin, drum kit, keyboard,
        music stand, paint brush, paint box, easel, scissors, glue stick, paper plane, poster, notice board, projector,
        laptop cart, tablet, loudspeaker, trophy, flag, plant pot, bookcase, library cart, dictionary, report card"""
    ),
    "street": _list(
        """car, van, delivery van, bus, truck, motorcycle, scooter, bicycle, cargo bike, taxi, ambulance, tram, trailer,
        shopping cart, stroller, bench, park bench, streetlight, traffic light, stop sign, parking meter, mailbox, fire
        hydrant, trash can, dumpster, manhole cover, bollard, traffic cone, road sign, billboard, bus shelter, kiosk,
        fountain, statue, tree, hedge, bush, squirrel, pigeon, dog, leaf pile, plastic bag, glove, umbrella, newspaper box,
        food truck, scaffold, excavator, cement mixer, barrier, fence, railing, playground slide, picnic table, kite"""
    ),
}
COMMON_OBJECTS: Words = _list(
    """box, bag, chair, table, door, window, key, keys, cup, bottle, can, book, lamp, light, shelf, cabinet, drawer, bin,
    trash bag, phone, cable, screwdriver, hammer, tape measure, flashlight, ladder, fan, heater, clock, camera, tablet, sign,
    poster, basket, hat, shoe, coat, gloves, towel, cloth, paper, package, parcel, toolbox, bucket, broom, plant, ball,
    battery, charger, wheel, screw, remote, pen, radio, speaker, thermostat, valve, switch, lever, panel, sensor, pump"""
)
DEVICES: Words = _list(
    """light, ceiling light, lamp, door, front door, side door, window, gate, garage door, fan, heater, radiator, pump,
    valve, water valve, tap, machine, coffee machine, printer, monitor, screen, television, radio, alarm, siren, elevator
    door, conveyor, air conditioner, ventilation, oven, stove, dishwasher, fridge, freezer, washing machine, computer,
    laptop, server, projector, curtain, blinds, shutter, hatch, cabinet, drawer, locker, lid, traffic light, turnstile,
    generator, compressor, sprinkler, charging station, switch, thermostat, humidifier, sliding door, fire door, cupboard,
    escalator, barrier, vending machine, incubator, doorbell, indicator lamp, emergency light, skylight"""
)
ROOMS: dict[str, Words] = {
    "home": _list(
        """kitchen, living room, bedroom, bathroom, hallway, dining room, nursery, guest room, laundry room, pantry, attic,
        basement, cellar, garage, study, children's room, home office, master bedroom, walk-in closet, playroom, conservatory,
        upstairs bathroom"""
    ),
    "office": _list(
        """meeting room, conference room, break room, server room, copy room, open office, mail room, lobby, reception,
        corner office, kitchenette, restroom, training room, archive, phone booth, coworking lounge, canteen, print room,
        boardroom, supply closet"""
    ),
    "warehouse": _list(
        """packing hall, cold room, break room, office, tool room, returns room, battery room, sorting hall, main hall,
        mezzanine, storeroom, locker room, control room, high bay hall"""
    ),
    "hospital": _list(
        """operating theatre, waiting room, emergency room, intensive care unit, icu, radiology, pharmacy, nurses' station,
        ward, maternity ward, recovery room, examination room, linen room, sluice room, chapel, cafeteria, patient room,
        isolation room, blood lab, x-ray room"""
    ),
    "farm": _list(
        """barn, stable, cow shed, hen house, milking parlour, greenhouse, tool shed, hay loft, farmhouse, packing shed,
        pig pen, feed store, machine hall, cold store, workshop"""
    ),
    "lab": _list(
        """clean room, wet lab, dry lab, cold room, chemistry lab, robotics lab, optics lab, instrument room, storage room,
        sample room, workshop, microscopy room, seminar room, darkroom, glove box room, gas store"""
    ),
    "hotel": _list(
        """lobby, breakfast room, restaurant, bar, spa, sauna, gym, ballroom, suite, laundry room, luggage room, linen
        room, hotel kitchen, honeymoon suite, guest room, conference hall, lounge, elevator, stairwell"""
    ),
    "school": _list(
        """classroom, gym, gymnasium, library, auditorium, music room, art room, teachers' room, principal's office, canteen,
        computer room, science room, locker room, nurse's office, assembly hall, staff room, kindergarten room, janitor's
        closet"""
    ),
    "street": _list(
        """bus shelter, subway station, shop, bakery, supermarket, cafe, parking garage, bank, post office, pharmacy, lobby,
        underpass, entrance hall, town hall, workshop"""
    ),
}
ROOM_HEADS: Words = _list(
    "room, office, ward, classroom, lab, hall, workshop, meeting room, floor, level, suite, operating room, storage room"
)
AREAS: dict[str, Words] = {
    "home": _list(
        "garden, back yard, driveway, patio, porch, balcony, terrace, front yard, lawn, sandbox, garden path"
    ),
    "office": _list(
        "parking lot, courtyard, roof terrace, smoking area, main entrance, bike rack area, east wing, west wing"
    ),
    "warehouse": _list(
        "loading dock, loading bay, staging area, packing zone, charging area, north yard, outbound lane, picking zone"
    ),
    "hospital": _list(
        "ambulance bay, helipad, main entrance, hospital garden, parking deck, waiting area, east wing, triage area"
    ),
    "farm": _list(
        "north field, south pasture, orchard, vegetable patch, farm yard, paddock, duck pond, potato field, vineyard, dirt track, "
        "upper meadow, creek"
    ),
    "lab": _list(
        "test area, assembly area, loading area, fenced zone, east corridor, charging corner, outdoor test track, rooftop"
    ),
    "hotel": _list(
        "pool area, parking lot, front entrance, rooftop terrace, hotel garden, beach path, tennis court, taxi stand"
    ),
    "school": _list(
        "playground, school yard, sports field, bus stop, bike stand, main gate, running track, school garden"
    ),
    "street": _list(
        "sidewalk, crosswalk, bus stop, street corner, park, bike lane, parking lot, market square, bridge, roundabout, riverside "
        "path, construction site, intersection, tram stop, main street, footpath"
    ),
}
AREA_HEADS: Words = _list(
    "aisle, bay, dock, gate, zone, sector, row, lane, section, platform, lot, checkpoint, waypoint, station, field, rack row"
)
PERSONS: dict[str, Words] = {
    "home": _list(
        "grandmother, grandfather, toddler, boy, girl, baby, mother, father, babysitter, neighbor, plumber, teenager, mum, dad"
    ),
    "office": _list(
        "colleague, receptionist, manager, intern, courier, cleaner, visitor, accountant, secretary, job applicant, boss"
    ),
    "warehouse": _list(
        "worker, forklift driver, picker, shift leader, truck driver, supervisor, packer, security guard, technician"
    ),
    "hospital": _list(
        "nurse, doctor, patient, surgeon, visitor, paramedic, head nurse, orderly, midwife, porter, elderly patient, anaesthetist"
    ),
    "farm": _list(
        "farmer, farm hand, veterinarian, shepherd, milkmaid, beekeeper, tractor driver, seasonal worker, inspector"
    ),
    "lab": _list(
        "researcher, student, scientist, lab technician, professor, engineer, phd student, chemist, safety officer"
    ),
    "hotel": _list(
        "guest, bellboy, receptionist, housekeeper, waiter, waitress, chef, concierge, tourist, bartender, hotel manager"
    ),
    "school": _list(
        "teacher, pupil, student, janitor, principal, schoolgirl, schoolboy, librarian, coach, cook, parent, kid"
    ),
    "street": _list(
        "pedestrian, cyclist, jogger, policeman, police officer, driver, tourist, street vendor, dog walker, child, mail carrier"
    ),
}
COMMON_PERSONS: Words = _list(
    "man, woman, person, child, visitor, lady, guy, technician, cleaner, stranger, electrician, security guard, somebody, someone"
)
NAMES: Words = _list(
    """Anna, Ben, Maria, Tom, Sofia, Lukas, Priya, Omar, Chen, Yuki, Fatima, Diego, Elena, Peter, Julia, Ahmed, Ingrid, Paul,
    Nora, Jonas, Leila, Marco, Grace, Victor, Hannah, Sam, Oliver, Emma, Mia, Noah, Ravi, Aisha, Karim, Olga, Ivan, Mei, Carlos,
    Lucia, Bruno, Clara, Felix, Greta, Hugo, Irene, Jakob, Kofi, Amara, Zoe, Stefan, Petra, Dr. Weber, Mrs. Novak, Mr. Tanaka,
    Dr. Osei, Ms. Rivera, Mr. Lindqvist, Dr. Haddad, Mrs. Kowalski, Dr. Singh, Mr. Brown"""
)
ADJECTIVES: Words = _list(
    """red, blue, green, yellow, black, white, grey, brown, orange, purple, pink, silver, small, big, large, tiny, tall, old,
    new, heavy, light, round, square, long, short, wooden, plastic, metal, striped, second-hand, half-full, folded, spare,
    dusty, shiny, worn, colourful, transparent, unlabelled, familiar, strange, nice"""
)
PERSON_ADJECTIVES: Words = _list(
    "tall, young, old, elderly, unknown, tired, smiling, nervous, blond, bearded, friendly, angry, small, busy"
)
STATES: dict[str, Words] = {
    "door": _list("open, closed, locked, unlocked, ajar, shut, wide open, jammed, blocked"),
    "power": _list("on, off, broken, offline, online, running, warm, hot, cold, unplugged, dim, charging"),
    "content": _list("empty, full, wet, dry, dirty, clean, half empty, overfull"),
    "room": _list("empty, dark, lit, occupied, vacant, clean, dirty, cold, warm, crowded, quiet, locked"),
}
HAZARDS: Words = _list(
    """spill, water spill, oil spill, oil leak, gas leak, water leak, leak, smoke, thick smoke, fire, flames, open flame,
    broken glass, glass shards, puddle, water puddle, slippery floor, wet floor, icy patch, black ice, loose cable, exposed
    wire, live wire, sparks, chemical fumes, toxic fumes, fumes, acid spill, debris, fallen branch, fallen shelf, pothole,
    open manhole, sharp edge, nail, rusty nail, needle, used syringe, wasp nest, obstacle, obstruction, flood, steam, gas,
    burning smell, radiation leak, unstable stack, collapsed ceiling, hot surface, sinkhole, mudslide, oil slick, shattered
    glass, fuel leak, tripping hazard, fire hazard, blaze, aggressive dog, falling rocks, overheated battery, broken step"""
)
SKILLS: Words = _list(
    """delivery, inspection, patrol, night patrol, docking, mapping, cleaning, floor cleaning, inventory, inventory scan,
    pickup, handover, escort, watering, vacuuming, mopping, harvest, surveillance, calibration, localization, navigation,
    guided tour, transport, shelf scan, window cleaning, perimeter check, temperature check, disinfection, meal delivery,
    mail delivery, package delivery, security round, morning round, search, rescue drill, sorting, stocktaking, refill,
    grasping, unloading, palletizing, charging, self test, map update, firmware update, waste collection"""
)
TASKS: Words = _list(
    """deliver {the_object} to {the_place}, bring {the_object} to {the_person}, fetch {the_object}, fetch {the_object} from
    {the_place}, clean {the_place}, patrol {the_place}, inspect {the_object}, inspect {the_place}, scan {the_place}, map
    {the_place}, pick up {the_object}, search for {the_object}, look for {the_person}, follow {the_person}, guide {the_person} to
    {the_place}, water the <object:plants>, vacuum {the_place}, empty {the_object}, count the {plural_object}, dock at the
    <object:charging station>, drive to {the_place}, go to {the_place}, return to {the_place}, check {the_object}, check
    {the_place}, open {the_device}, close {the_device}, move {the_object} to {the_place}, carry {the_object}, sort the
    {plural_object}, refill {the_object}, hand {the_object} to {the_person}, load the {plural_object}, disinfect {the_place},
    find {the_object}, put {the_object} {at_object}, collect the {plural_object}, grasp {the_object}, charge the <object:battery>"""
)
