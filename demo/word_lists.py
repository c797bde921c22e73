"""The words that the big demo's texts, titles and names are made of. All is fiction: no price, rule or hour is true."""

PLACES = """
    Torugart, Irkeshtam, Khunjerab, Kulma, Korday, Khorgos, Bakhty, Dostuk, Karamyk, Kyzyl-Art, Tash Rabat, Naryn, Osh,
    Sary-Tash, Murghab, Karakul, Khorog, Ishkashim, Langar, Kashgar, Wuqia, Tashkurgan, Artux, Almaty, Bishkek, Karakol,
    Balykchy, Kochkor, Song-Kul, At-Bashy, Dushanbe, Kulob, Panj, Termez, Bukhara, Nukus, Beyneu, Aktau, Kuryk, Baku,
    Alat, Turkmenbashi, Ashgabat, Serakhs, Mashhad, Astara, Julfa, Meghri, Yerevan, Gyumri, Bavra, Tbilisi, Sarpi,
    Batumi, Hopa, Kars, Larsi, Vladikavkaz, Astrakhan, Uralsk, Ozinki, Semey, Pavlodar, Tashanta, Olgii, Khovd,
    Zamyn-Uud, Erenhot, Kyakhta, Ulan-Ude, Sost, Gilgit, Chitral, Taftan, Mirjaveh, Zahedan, Wagah, Bandar Anzali
"""
PEOPLE = """
    customs officer, conscript, passport clerk, truck driver, money changer, shepherd, mechanic, port captain, guard,
    ferry agent, dispatcher, hostel keeper, tea seller, veterinary inspector, tanker driver, border doctor, interpreter,
    fellow cyclist, Dutch couple, motorcyclist, pensioner with a caravan, student, wedding party, geologist, baker,
    train attendant, road worker, policeman, watchman, minibus driver, trader with carpets, beekeeper, schoolteacher,
    blacksmith, surveyor, acrobat, botanist, fisherman, cook, grandmother, radio operator, cartographer, welder, barber,
    bookkeeper, photographer, cellist, nurse, gardener, plumber, falconer, chess player, potter, tailor, cousin of mine
"""
THINGS = """
    passport, permit, letter of invitation, insurance paper, customs form, migration card, photocopy, vehicle title,
    receipt, stamp, queue, barrier, scanner, weighbridge, waiting room, currency desk, tent, pannier, spare tube, chain,
    fuel can, windscreen, rear axle, sleeping bag, stove, water bottle, thermos, sack of apples, ladder, drone, camera,
    satellite phone, medicine box, bag of sugar, spare wheel, headlamp, map, notebook, telephone, generator, gate, arch,
    declaration, luggage, trailer, bicycle, motorcycle, campervan, minibus, cargo, ferry ticket, boarding list, dog,
    saucepan, hammock, umbrella, guidebook, kettle, padlock, pump, whistle, hatchet, mirror, mattress, candle, cheese,
    loaf of bread, melon, bottle of shampoo, wallet, pocket knife, raincoat, scarf, helmet, brake cable, jerrycan, jack,
    shovel, toolbox, battery, charger, keyboard, microphone, violin, chessboard, kite, fishing rod, basket, envelope
"""
NATURE = """
    gravel, washboard, fresh asphalt, snow, meltwater, dust, headwind, drizzle, hail, sunshine, mud, black ice, fog,
    sand, a dry riverbed, a broken bridge, a landslide, frost, smoke from the steppe, heat, moonlight, thunder,
    thick grass, juniper, boulders, apricot trees, potholes, icicles, mosquitoes, tumbleweed, hot springs, salt flats,
    poplars, a tunnel without light, hairpins, yaks, sleet, wild tulips, marmots, quicksand, silence, stars
"""
ADJECTIVES = """
    patient, sleepy, friendly, bored, thorough, cheerful, sceptical, new, ancient, cracked, spotless, half-built, cold,
    crowded, empty, endless, borrowed, blue, rusty, tidy, handwritten, official, blurred, expired, second, generous,
    muddy, narrow, steep, quiet, famous, forgotten, unmarked, temporary, remarkable, ordinary, stubborn, curious,
    wooden, frozen, polished, doubtful, yellow, square, heavy, fragile, local, foreign, retired, sunburnt, helpful,
    nervous, talkative, silent, dented, folded, oversized, waterproof, genuine, forged, provisional, unheated, draughty,
    magnificent, shabby, invisible, familiar, mysterious, electric, greasy, woollen, tired, brand-new, homemade
"""
VERBS = """
    asked for, photographed, stamped, ignored, weighed, misread, returned, admired, copied, unfolded, counted, lost,
    checked, carried, questioned, praised, refused, found, repaired, exchanged, measured, borrowed, opened, sealed,
    recognised, remembered, registered, unloaded, compared, signed, waved through, laughed about, translated, sold,
    searched, dropped, hid, sniffed at, drew, mended, polished, shook, scanned, tasted, auctioned, painted, insured,
    tested, guarded, misplaced, rejected, defended, described, demanded, noticed, tightened, dismantled, greased,
    forwarded, postponed, labelled, emptied, covered, dried, examined, pushed, parked, greeted, swapped, rescued
"""
ADVERBS = """
    slowly, twice, at once, politely, after lunch, without a word, by torchlight, in the end, as usual, with a smile,
    before noon, at dusk, reluctantly, for an hour, on the spot, in good English, for no reason, without gloves,
    during the shift change, on Sunday, in the rain, from the window, behind the shed, late in October, in early June,
    with both hands, under a parasol, over the counter, before breakfast, through a loudspeaker, on one leg,
    at midnight,
    with great care, three times, in silence, against all advice, free of charge, behind our backs, at random, by phone,
    near the well, halfway up, downhill, upstairs, in February, towards evening, around noon, across the yard, gladly
"""
DAYS = """
    Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday, the first of May, Nowruz, the last day of the month,
    a public holiday, market day, the day before my visa ended, the second attempt, New Year's Eve, a windy afternoon
"""
WAYS = """
    bicycle, motorcycle, campervan, minibus, shared taxi, train, ferry, truck, horse, tandem, foot, old hatchback,
    sidecar, recumbent, night bus, tractor, van with four seats, four-wheel drive
"""
REASONS = """
    the computer was down, the lunch hour had begun, nobody had the key, a delegation was expected, the road was washed
    out, the form had changed, the list was closed, my stamp was too faint, the lorry ahead had no papers, the power had
    failed, the snowplough was late, the ship had not left, the clock on the other side is an hour ahead, it was too
    late, our names were spelt differently, the bank was shut, the vet was at a wedding, the bridge was being painted,
    the rules say so, somebody had telephoned ahead, the scanner disliked the stove, they wanted to practise English
"""
FRAMES = """
    On {day} the {adjective} {person} {verb} my {thing} {adverb}.
    {Place} took us {number} minutes, travelling by {way}, mostly because {reason}.
    Behind {place} there is {nature} for {number} kilometres, then {nature}.
    A {adjective} {person} in {place} {verb} everybody's {thing}, and {verb} ours {adverb}.
    Bring a {adjective} {thing}: mine was {verb} by the {person} {adverb}.
    Nobody {verb} the {thing}, but the {adjective} {thing} had to be shown {number} times.
    Is it true that {place} closes on {day}? The {person} at {place} said that {reason}.
    We waited {number} hours between the {thing} and the {adjective} {thing}, since {reason}.
    Coming from {place} by {way}, keep left at the {adjective} {thing}, or you end in {nature}.
    My {thing} was {verb} {adverb}; the {person} next to me had a {adjective} {thing} and went on.
    They wanted {number} of the local money for a {thing}, which a {person} later {verb} {adverb}.
    Whoever travels by {way} should sleep in {place} and start before {nature} comes.
    In {place} a {person} {verb} the {adjective} {thing}; in {place} no {person} even looked.
    I would not do {place} with {nature} again, not even by {way}.
    {Number} of us shared a {way} from {place} to {place}, {adverb}.
    The {thing} is {adjective} now, as a {person} from {place} told us on {day}.
    Remember that {reason}; a {adjective} {person} may still {verb_plain} you {adverb}.
    Between {place} and {place} we met a {adjective} {person} with a {thing} and {nature} all around.
    The {thing} broke down {number} kilometres before {place}, and the {person} {verb} the {thing} {adverb}.
    It rained {adverb}, so the {adjective} {person} {verb} each {thing} under a {thing}.
    For the {thing} ask the {person} on the right, never the {adjective} one, {adverb}.
    By {way} it is {number} kilometres to {place}; with {nature} count the double.
    {Adjective} {thing}, {adjective} {person}, {nature}: that was {place} on {day}.
    {Adverb} our {person} {verb} one {adjective} {thing}, then {verb} {nature} {adverb}.
    {Place}, {day}, {way}, {nature}, {number} minutes.
    {Way} people: {adjective} {thing}, {adjective} {thing}, and {nature} {adverb}.
    {Person}s {verb} {number} {adjective} notebooks {adverb}; {reason}.
    Some {adjective} {person} {verb} {nature}, some {person} {verb} {place}.
    {Adverb} came {nature}, {adverb} a {adjective} {person} with one {adjective} {thing}.
    {Number} kilometres {nature}, {number} kilometres {nature}, a {adjective} {thing}, {place}.
    {Reason}, so {place} {verb} every {adjective} {way} {adverb}.
    {Thing} and {thing} {verb} {adverb}, {thing} {verb} {adverb}, {reason}.
    Neither {person} nor {person} {verb} {place} {adverb}.
    What {person}s {verb} at {place}, {adjective} {person}s {verb} {adverb} near {place}.
    {Way}, {way} or {way}: {place} {verb} them all {adverb}.
    {Adjective} as it is, {place} {verb} {nature} {adverb}, whereas {place} {verb} my {thing}.
    Two {adjective} {person}s, one {thing}, {reason}: {place} {adverb}.
    {Day}: {nature}. {Place}: {adjective}, {adjective}, {adverb} {adjective}.
"""
PLAIN_VERBS = """
    help, delay, remember, ask, photograph, follow, telephone, weigh, invite, count, misunderstand, feed, admire, scold
"""
TITLES = """
    {place} by {way}: open on {day}?
    {place} to {place} with {nature}
    Report: {place} by {way}
    {adjective} {thing} at {place}
    {place}: the {person} {verb} my {thing}
    How long does {place} take by {way}?
    {place} or {place} in bad weather, by {way}?
    Lost {thing} between {place} and {place}
"""
SUBFORUMS = """
    High passes, Low passes, Ferries and ports, Trains across borders, Buses and shared taxis, Bicycles, Motorcycles,
    Campervans and trucks, On foot, Visas, Permits and zones, Insurance and papers, Customs, Money, Weather and seasons,
    Health, Animals, Repairs, Meeting others, Stories, Islands, Tunnels, Bridges, Night crossings
"""
SECTIONS = "Ways, Means, Papers, Everything else"
ICONS = "map, swap, bus, doc, msg"
NAMES = """
    dusty, windy, slow, northern, rusty, lucky, muddy, sunny, frosty, patient, hungry, roaming, crooked, humming,
    loaded, distant, sleepy, restless, pedalling, wandering, silver, crimson, quiet, misty, gravelly
"""
BEARERS = """
    pannier, camel, saddle, marmot, kettle, compass, ferry, yurt, bridge, wheel, lantern, stork, juniper, sparrow,
    thermos, rucksack, beacon, plateau, tandem, otter
"""
SIGNATURES = """
    {way} and tea, since long ago
    Next: {place} to {place}
    Still waiting at {place}
    {Place} by {way}, one day
"""
LINKS = "the notes I kept, a map, the timetable, photographs of the queue, the form, my track, the list of offices"
