"""Ready sections with subforums and rules, of which an administrator makes those that are wanted; the demo has all."""

from typing import Any

SECTIONS: list[tuple[str, list[dict[str, Any]]]] = [
    (
        "On the ground",
        [
            {
                "slug": "open-or-closed",
                "name": "Is the road, border or area open and accessible to foreigners? Is there danger?",
                "short_name": "Is it open?",
                "description": "Access for foreigners, closures, permits and danger, by people who were there.",
                "icon": "map",
                "introduction": "Read the country article, look for an existing topic, say when and how you travel.",
                "rules": [
                    "Read the article of the country and the page of the crossing first. "
                    "Your answer may stand there, with a date.",
                    "Look for an existing topic before you open one. If it fits, ask or report there.",
                    "Name the crossing, your passport group, the direction, your transport and the date.",
                    "One question per topic.",
                    "Came back? Tell us how it went: crossed and turned back both help.",
                ],
            },
            {
                "slug": "crossing-reports",
                "takes_questions": False,
                "name": "Crossing reports",
                "description": "First-hand: you crossed, or you were turned back.",
                "icon": "swap",
                "introduction": "Date, direction and transport are required. Write what you saw.",
                "rules": [
                    "Give the date, the direction and how you travelled. A report without a date helps nobody.",
                    "Write what you saw. Mark what you only heard.",
                    "No names and no pictures of officers.",
                ],
            },
            {
                "slug": "caspian",
                "name": "Ferries",
                "description": "The Caspian and other waters: ships, waiting lists, prices.",
                "icon": "bus",
                "introduction": "Add ship, date, days waited and price to the running list.",
                "rules": [
                    "Add the ship, the date, the days you waited and the price to the running list.",
                    "Open a new topic only for a new port or a change of rules.",
                ],
            },
        ],
    ),
    (
        "Papers",
        [
            {
                "slug": "visas",
                "name": "Visas, permits, invitations",
                "description": "Letters, e-visas, zone permits, extensions and overstays.",
                "icon": "doc",
                "introduction": "Say passport, place of application and date. Experiences only.",
                "rules": [
                    "Say which passport, where you applied and when.",
                    "Experiences only: no offers of services.",
                    "Never post scans or numbers of documents.",
                ],
            },
            {
                "slug": "vehicles-papers",
                "name": "Carnet, import, insurance",
                "description": "Temporary import, carnets, green cards and plates.",
                "icon": "car",
                "introduction": "Name the vehicle, its plates and the countries.",
                "rules": [
                    "Name the vehicle, where it is registered and the countries it is for.",
                    "Photograph every stamp before you leave the desk.",
                    "Black out chassis numbers in pictures.",
                ],
            },
        ],
    ),
    (
        "By how you travel",
        [
            {
                "slug": "bicycle",
                "name": "Bicycle",
                "description": "Routes and gear for those who pedal.",
                "icon": "bike",
                "introduction": "If a border is the question, use “Is it open?” and say that you cycle.",
                "rules": ["If a border is the question, ask in “Is the road, border or area open?” instead."],
            },
            {
                "slug": "motor",
                "name": "Motorcycle, car, truck",
                "description": "Routes, fuel, repairs and tyres.",
                "icon": "moto",
                "introduction": "If a border is the question, use “Is it open?” and name your vehicle.",
                "rules": ["If a border is the question, ask in “Is the road, border or area open?” instead."],
            },
            {
                "slug": "public-transport",
                "name": "Bus, train, shared taxi",
                "description": "Timetables that nobody prints, and where the minibus leaves.",
                "icon": "bus",
                "introduction": "If a border is the question, use “Is it open?” and name your transport.",
                "rules": ["If a border is the question, ask in “Is the road, border or area open?” instead."],
            },
        ],
    ),
    (
        "People",
        [
            {
                "slug": "companions",
                "takes_questions": False,
                "name": "Travel companions",
                "description": "Share a car, an escort or a stretch of road.",
                "icon": "user",
                "introduction": "Dates, route, seats, languages. Meet in public first.",
                "rules": [
                    "Give dates, route, free seats and the languages you speak.",
                    "Meet in public first.",
                    "A topic is over 30 days after its last date.",
                ],
            },
            {
                "slug": "health-safety",
                "name": "Health and safety",
                "description": "Altitude, water, dogs, checkpoints and scams.",
                "icon": "warn",
                "introduction": "Own experience, no diagnoses. In an emergency call local services.",
                "rules": [
                    "Tell your own experience; diagnose nobody.",
                    "In an emergency call local services first.",
                ],
            },
            {
                "slug": "campfire",
                "takes_questions": False,
                "name": "Campfire",
                "description": "Everything that is not about a border.",
                "icon": "msg",
                "introduction": "Off-topic is on topic. Be kind.",
                "rules": ["Be kind."],
            },
            {
                "slug": "site-help",
                "name": "Help with this site",
                "description": "Bugs, wishes, missing spellings, questions about moderation.",
                "icon": "msg",
                "introduction": "Bugs, wishes, missing spellings, questions about moderation.",
                "rules": ["Say what you did, what you expected and what happened instead."],
            },
            {
                "slug": "mod-room",
                "takes_questions": False,
                "name": "Moderators' room",
                "description": "For those who keep the rules.",
                "icon": "shield",
                "access": "staff",
                "introduction": "What is said here stays here.",
                "rules": ["What is said here stays here."],
            },
        ],
    ),
]

RULES_OF_THE_FORUM: dict[str, Any] = {
    "introduction": "Be kind, be exact, protect people.",
    "rules": [
        "Be kind. Argue about roads, not about people.",
        "Say what you saw, when, and how sure you are.",
        "Protect people: no names or faces of officers, nothing that helps to bribe or to evade a border.",
        "No advertising and no trade.",
        "Leave politics at home.",
    ],
}
