"""Pairs of documents that do or do not contradict each other on what is asked.

Each is a question and two documents, the title before the bar. ``CONFLICTS`` and ``AGREEMENTS``
were written before the rules of ``index.disagreeing`` were, ``HARD`` to trap the first of them, and
``LAST_CONFLICTS`` and ``LAST_AGREEMENTS`` after those were mended.
"""

from typing import Final

CONFLICTS: Final = (
    # how often
    (
        "How often does the steering committee meet?",
        "Steering committee | The steering committee meets every six months. It has nine members.",
        "Rules of procedure | The steering committee meets once a year, in the main hall.",
    ),
    (
        "how often are the fire extinguishers inspected?",
        "Fire safety | All fire extinguishers are inspected every two years by a licensed firm.",
        "Caretaker's notes | The fire extinguishers are inspected annually.",
    ),
    (
        "How often is the newsletter sent out?",
        "Newsletter | The newsletter is sent out weekly to all subscribers.",
        "Communication plan | The newsletter is sent out twice a month.",
    ),
    (
        "how often do the backups run",
        "Operations handbook | Backups run every night at the data centre.",
        "Server guide | The backups run once a week.",
    ),
    (
        "How frequently is the pool water tested?",
        "Pool rules | The pool water is tested three times a day by the lifeguards.",
        "Hygiene report | The pool water is tested daily.",
    ),
    # how long
    (
        "How long is the warranty valid?",
        "Warranty | The warranty is valid for two years from the date of purchase.",
        "Questions and answers | The warranty is valid for 36 months.",
    ),
    (
        "how long does the ferry crossing take?",
        "Ferry to Harstad | The ferry crossing takes about 45 minutes.",
        "Travelling to the island | The ferry crossing takes two hours.",
    ),
    (
        "For how long are application files kept?",
        "Data protection | Application files are kept for six months and then destroyed.",
        "Human resources manual | Application files are kept for three years.",
    ),
    (
        "how long does it take to renew a passport",
        "Passports | It takes ten days to renew a passport.",
        "Town hall | Since the staff is small, it takes six weeks to renew a passport.",
    ),
    # how many, how much
    (
        "How many members does the choir have?",
        "The choir | The choir has 48 members, most of them amateurs.",
        "Concert programme | The choir has 63 members.",
    ),
    (
        "how many people work at the Aldershof plant?",
        "Aldershof | About 1,200 people work at the Aldershof plant.",
        "Regional economy | Today 2,500 people work at the Aldershof plant.",
    ),
    (
        "How many rooms does the Hotel Miramar have?",
        "Hotel Miramar | The Hotel Miramar has twenty-seven rooms and a terrace.",
        "Where to stay | The Hotel Miramar has 34 rooms.",
    ),
    (
        "How much does the annual membership cost?",
        "Joining | The annual membership costs 30 euros.",
        "Price list | The annual membership costs €45.",
    ),
    (
        "How much was the fine against Tellico?",
        "Court report | The fine against Tellico was $1.2 billion.",
        "Business news | The fine against Tellico was $900 million.",
    ),
    (
        "What is the maximum size of an attachment?",
        "Mail service | The maximum size of an attachment is 25 MB.",
        "Known limits | The maximum size of an attachment is 10 MB.",
    ),
    (
        "what percentage of the budget goes to salaries?",
        "Budget | Salaries take 62% of the budget.",
        "Auditor's letter | Salaries take 71 percent of the budget.",
    ),
    (
        "How many students are enrolled at Linford College?",
        "Linford College | Linford College has 8,400 students enrolled.",
        "Colleges of the county | Linford College has 11,000 students enrolled.",
    ),
    (
        "How tall is the Weston tower?",
        "Weston tower | The Weston tower is 96 metres tall.",
        "Sights | The Weston tower is 120 m tall.",
    ),
    (
        "how far is the hut from the car park?",
        "Hut | The hut is 5 km from the car park.",
        "Hiking guide | The hut is 8 kilometres from the car park.",
    ),
    (
        "How much does the turbine weigh?",
        "Turbine | The turbine weighs 14 tonnes.",
        "Transport permit | The turbine weighs 9,000 kg.",
    ),
    (
        "How many votes did Maria Olsen get?",
        "Election results | Maria Olsen got 4,312 votes.",
        "Local paper | Maria Olsen got 3,998 votes.",
    ),
    (
        "How many species of orchid grow in the reserve?",
        "Reserve | Seventeen species of orchid grow in the reserve.",
        "Botanical survey | In the reserve grow 23 species of orchid.",
    ),
    (
        "how deep is Lake Tessin",
        "Lake Tessin | Lake Tessin is 310 feet deep.",
        "Fishing | At its deepest point, Lake Tessin is 140 feet deep.",
    ),
    # when
    (
        "When was the Brennan bridge opened?",
        "Brennan bridge | The Brennan bridge was opened in 1932.",
        "Town history | The Brennan bridge was opened in 1935 by the mayor.",
    ),
    (
        "When does the registration close?",
        "Registration | The registration closes on 15 May 2024.",
        "Conference news | The registration closes on 31 May 2024.",
    ),
    (
        "when did the company move to Leeds?",
        "Company history | The company moved to Leeds in March 2011.",
        "About us | The company moved to Leeds in October 2012.",
    ),
    (
        "When was Ernst Halvorsen born?",
        "Ernst Halvorsen | Ernst Halvorsen was born on 4 June 1871.",
        "Painters of the north | Ernst Halvorsen was born in 1873 in Bergen.",
    ),
    (
        "When is the general meeting?",
        "Invitation | The general meeting is on Thursday, March 11.",
        "Calendar | The general meeting is on March 18.",
    ),
    (
        "What year was the observatory built?",
        "Observatory | The observatory was built in 1888.",
        "Guide to the hill | The observatory was built in 1901.",
    ),
    (
        "When does the library open on weekdays?",
        "Library | On weekdays the library opens at 9:30 am.",
        "Opening hours | On weekdays the library opens at 8 am.",
    ),
    (
        "which day is the rubbish collected?",
        "Rubbish | The rubbish is collected on Tuesdays.",
        "Household calendar | The rubbish is collected on Fridays.",
    ),
    (
        "When did the Harlan dam fail?",
        "Harlan dam | The Harlan dam failed on 2 February 1959.",
        "Floods of the valley | The Harlan dam failed on 12 February 1959.",
    ),
    # who
    (
        "Who is the treasurer of the association?",
        "Board | The treasurer of the association is Ada Winter.",
        "Contact | The treasurer of the association is Paul Moreau.",
    ),
    (
        "Who designed the Corn Exchange?",
        "Corn Exchange | The Corn Exchange was designed by Edward Lacey.",
        "Architecture walk | The Corn Exchange was designed by Thomas Reid.",
    ),
    # in other words
    (
        "How often does the board convene?",
        "Statutes | The board convenes at intervals of three months; it convenes every quarter.",
        "Handbook | Twice a year, the board convenes in Bonn.",
    ),
    (
        "How many employees does Norvik have?",
        "Norvik | Norvik employs a staff of 350 employees.",
        "Industry register | The shipyard Norvik has 512 employees.",
    ),
    (
        "how long is the notice period?",
        "Lease | The notice period is three months.",
        "Tenant's guide | A notice period of four weeks applies.",
    ),
    (
        "When was the foundation established?",
        "Foundation | The foundation was established in 1978.",
        "Annual report | Established in 1981, the foundation supports young musicians.",
    ),
    (
        "How much is the deposit?",
        "Hall hire | The deposit is 200 pounds.",
        "Booking form | A deposit of £150 is due.",
    ),
    (
        "what is the deadline for the spring grants?",
        "Spring grants | The deadline for the spring grants is 1 March 2023.",
        "Funding | The deadline for the spring grants is 15 March 2023.",
    ),
)

AGREEMENTS: Final = (
    # the same in other words
    (
        "How often does the works council meet?",
        "Works council | The works council meets twice a year.",
        "Council rules | The works council meets every six months.",
    ),
    (
        "how often does the supervisory board meet?",
        "Supervisory board | The supervisory board meets semi-annually.",
        "Board rules | The supervisory board meets twice a year.",
    ),
    (
        "how often is the lift serviced?",
        "Lift | The lift is serviced every three months.",
        "Maintenance | The lift is serviced quarterly.",
    ),
    (
        "How often does the youth orchestra rehearse?",
        "Youth orchestra | The youth orchestra rehearses weekly.",
        "Music school | The youth orchestra rehearses every Wednesday.",
    ),
    (
        "How often is the list updated?",
        "List of suppliers | The list is updated every other week.",
        "Purchasing | The list is updated biweekly.",
    ),
    (
        "how often are filters changed?",
        "Filters | Filters are changed at least once a year.",
        "Ventilation | Filters are changed every six months.",
    ),
    (
        "How often does the tram run?",
        "Tram | The tram runs every ten minutes.",
        "Line 4 | The tram runs six times an hour.",
    ),
    (
        "how many islands belong to the group?",
        "Islands | 27 islands belong to the group.",
        "Geography | Twenty-seven islands belong to the group.",
    ),
    (
        "How much did the new stadium cost?",
        "Stadium | The new stadium cost $1.2 billion.",
        "City budget | The new stadium cost 1,200 million dollars.",
    ),
    (
        "When was the treaty signed?",
        "Treaty | The treaty was signed in March 2021.",
        "Chronology | The treaty was signed on 3 March 2021.",
    ),
    (
        "When was the mill burnt down?",
        "Mill | The mill was burnt down in 1864.",
        "Village | The mill was burnt down on June 7, 1864.",
    ),
    (
        "How many spectators came to the final?",
        "Final | About 300 spectators came to the final.",
        "Match report | 298 spectators came to the final.",
    ),
    (
        "how long is the circular path?",
        "Circular path | The circular path is 5 km long.",
        "Walks | The circular path is 3.1 miles long.",
    ),
    (
        "How many volunteers helped at the harvest?",
        "Harvest | Up to 60 volunteers helped at the harvest.",
        "Farm diary | 45 volunteers helped at the harvest.",
    ),
    (
        "How many copies were printed?",
        "Printing | More than 5,000 copies were printed.",
        "Publisher | 5,200 copies were printed.",
    ),
    (
        "how long does the course last?",
        "Course | The course lasts a year.",
        "Syllabus | The course lasts 12 months.",
    ),
    (
        "How long did the siege last?",
        "Siege | The siege lasted six weeks.",
        "Chronicle | The siege lasted about a month and a half.",
    ),
    (
        "For how long are recordings stored?",
        "Cameras | Recordings are stored for 72 hours.",
        "Privacy | Recordings are stored for three days.",
    ),
    (
        "How long may guests stay?",
        "House rules | Guests may stay for up to two weeks.",
        "Welcome | Guests may stay for ten days.",
    ),
    (
        "What share of the members voted?",
        "Vote | 48.6% of the members voted.",
        "Summary | 49 percent of the members voted.",
    ),
    (
        "how much does the statue weigh?",
        "Statue | The statue weighs 2.5 tonnes.",
        "Catalogue | The statue weighs 2,500 kilograms.",
    ),
    (
        "When does the shop close?",
        "Shop | The shop closes at 6 pm.",
        "Hours | The shop closes at 18:00.",
    ),
    (
        "When was the chapel built?",
        "Chapel | The chapel was built in the 12th century.",
        "Parish | The chapel was built in 1163.",
    ),
    (
        "When was the club founded?",
        "Club | The club was founded in the 1920s.",
        "Club history | The club was founded in 1924.",
    ),
    (
        "When is the parade?",
        "Parade | The parade is on May 9.",
        "Festival | The parade is on 9 May 2022.",
    ),
    (
        "Who is the headmistress of the school?",
        "School | The headmistress of the school is Clara Benn.",
        "Staff list | The headmistress of the school is Dr. Clara M. Benn.",
    ),
    (
        "How many pages does the report have?",
        "Report | The report has a hundred pages.",
        "Archive | The report has 100 pages.",
    ),
    (
        "How many inhabitants does Ostra have?",
        "Ostra | Ostra has 1.2 million inhabitants.",
        "Cities | Ostra has 1,234,567 inhabitants.",
    ),
    # another year, another time
    (
        "How many visitors came to the museum?",
        "Museum 2018 | In 2018, 41,000 visitors came to the museum.",
        "Museum 2019 | In 2019, 52,000 visitors came to the museum.",
    ),
    (
        "How high is the subscription fee?",
        "Fees | The subscription fee was 20 euros until the reform.",
        "Fees now | The subscription fee is 25 euros.",
    ),
    (
        "how often did the parliament meet?",
        "Early parliament | At first the parliament met once a year.",
        "Later parliament | The parliament met twice a year after the reform.",
    ),
    (
        "When does the exhibition open?",
        "Exhibition | The exhibition was planned to open on 3 April 2020.",
        "Exhibition news | The exhibition opened on 12 June 2020.",
    ),
    (
        "How many staff does the clinic have?",
        "Clinic | The clinic has 80 staff.",
        "Plans for the clinic | The clinic will have 120 staff once the new wing is open.",
    ),
    (
        "How many wind turbines are there on the ridge?",
        "Ridge | There are 12 wind turbines on the ridge.",
        "Energy plan | There should be 30 wind turbines on the ridge by the end of the decade.",
    ),
    (
        "When did the railway reach the town?",
        "Railway | The railway reached the town in 1871.",
        "Second railway | The second railway reached the town in 1902.",
    ),
    (
        "How many goals did Peter Lund score?",
        "Season 1994 | Peter Lund scored 14 goals in the 1994 season.",
        "Career | Peter Lund scored 203 goals in his career.",
    ),
    (
        "how much is the entrance fee?",
        "Castle | The entrance fee for adults is 12 euros.",
        "Castle visits | The entrance fee for children is 5 euros.",
    ),
    # another subject, another part
    (
        "How often does the committee meet?",
        "Finance | The finance committee meets every month.",
        "Sports | The sports committee meets every two weeks.",
    ),
    (
        "How many employees does the company have?",
        "Alfa Metals | Alfa Metals has 300 employees.",
        "Beta Foods | Beta Foods has 1,100 employees.",
    ),
    (
        "How many inhabitants does the city have?",
        "Norburg | The city has 300,000 inhabitants. Norburg lies on the coast.",
        "Sudheim | The city has 710,000 inhabitants. Sudheim is a port.",
    ),
    (
        "how often does the club meet?",
        "Chess club | The club meets every Monday. Chess is played until late.",
        "Book club | The club meets once a month. One book is read each time.",
    ),
    (
        "How tall is the tower?",
        "North tower | The north tower is 52 metres tall.",
        "South tower | The south tower is 61 metres tall.",
    ),
    (
        "When was the church built?",
        "St Mary's | St Mary's church was built in 1320.",
        "St John's | St John's church was built in 1744.",
    ),
    (
        "When was the brewery founded?",
        "Old brewery | The old brewery was founded in 1650.",
        "New brewery | The new brewery was founded in 1990.",
    ),
    (
        "How long does delivery take?",
        "Delivery | Delivery within Germany takes two days.",
        "Delivery abroad | Delivery to Switzerland takes seven days.",
    ),
    (
        "How much does a ticket cost?",
        "Tickets | A single ticket costs 3 euros.",
        "Day tickets | A day ticket costs 8 euros.",
    ),
    (
        "How many beds are in the hospital?",
        "Hospital | There are 24 beds in the intensive care unit of the hospital.",
        "Hospital figures | There are 410 beds in the hospital.",
    ),
    (
        "what percentage of pupils passed the exam?",
        "Results | 81% of girls among the pupils passed the exam.",
        "All results | 77% of pupils passed the exam.",
    ),
    (
        "how many people live in the valley?",
        "Valley | 900 people live in the upper valley.",
        "The whole valley | 4,000 people live in the valley.",
    ),
    (
        "Who won the race?",
        "Women's race | The women's race was won by Inga Holm.",
        "Men's race | The men's race was won by Lars Falk.",
    ),
    (
        "Who chairs the working group?",
        "Working group | The working group was chaired by Jon Berg until last year.",
        "Working groups | The working group is chaired by Eva Sand.",
    ),
    # lists and rates
    (
        "When are the meetings?",
        "Dates | The meetings are on 3 May, 7 June and 5 July.",
        "Next date | The meetings are on 7 June.",
    ),
    (
        "How many medals did the team win?",
        "Games | The team won 3 gold medals, 5 silver medals and 2 bronze medals.",
        "Summary of the games | The team won 10 medals.",
    ),
    (
        "How much does parking cost?",
        "Parking | Parking costs 2 euros per hour.",
        "Car park | Parking costs 15 euros a day.",
    ),
    (
        "how many lectures are there?",
        "Lectures | There are two lectures a week.",
        "Timetable | There are 28 lectures.",
    ),
    (
        "How much did the population grow?",
        "Growth | The population grew by 12,000.",
        "Size | The population grew to 96,000.",
    ),
    (
        "How many people were rescued?",
        "Rescue | At first 14 people were rescued.",
        "Later that day | Another 9 people were rescued.",
    ),
    (
        "How old is the oak?",
        "Oak | The oak is several hundred years old.",
        "Trees | The oak is 450 years old.",
    ),
    (
        "How many of the houses were damaged?",
        "Storm | 40 of the houses were damaged.",
        "Village after the storm | The village has 250 houses, and some were damaged.",
    ),
    (
        "When is breakfast served?",
        "Hotel | Breakfast is served from 7 am.",
        "Weekend | On Sundays breakfast is served from 8 am.",
    ),
    (
        "when is the market held?",
        "Market | The market is held on Saturdays.",
        "Farmers | The market is held on Wednesdays and Saturdays.",
    ),
)
"""Pairs that do not: the same in other words, or of something else, or both true at once."""

HARD: Final = (
    # a condition or place behind the value
    (
        "How much is the fee?",
        "Fees | The fee is 20 euros.",
        "Discounts | The fee is 15 euros with a student card.",
    ),
    (
        "How long is the tunnel?",
        "Tunnel | The tunnel is 3 km long.",
        "Roads | The tunnel is 4 km long with its ramps.",
    ),
    (
        "How many people does the firm employ?",
        "Firm | The firm employs 200 people in Lyon.",
        "The whole firm | The firm employs 950 people.",
    ),
    (
        "How long does the trip take?",
        "By rail | The trip takes two hours by train.",
        "By road | The trip takes four hours by bus.",
    ),
    (
        "How warm was the water?",
        "Morning | The water was 14 degrees at dawn.",
        "Afternoon | The water was 21 degrees at noon.",
    ),
    (
        "When does the museum open?",
        "Museum | The museum opens at 10 am.",
        "Museum in July | The museum opens at 9 am in July.",
    ),
    (
        "How much did the film earn?",
        "Film | The film earned $300 million.",
        "Cinema news | The film earned $120 million in its opening weekend.",
    ),
    # a part, or what it is part of
    (
        "How tall is the church?",
        "Church | The church is 40 metres tall.",
        "Tower | The tower of the church is 61 metres tall.",
    ),
    (
        "When was the house built?",
        "House | The house was built in 1790.",
        "Barn | The barn behind the house was built in 1844.",
    ),
    (
        "How many seats are there in the theatre?",
        "Theatre | There are 900 seats in the theatre.",
        "Balcony | There are 120 seats on the balcony of the theatre.",
    ),
    (
        "How large is the estate?",
        "Estate | The estate is 40 hectares large.",
        "Woods | The wooded part of the estate is 12 hectares large.",
    ),
    # one document, several things
    (
        "When was the hall built?",
        "Halls | The town has a concert hall. It was built in 1900.",
        "More halls | The town has a sports hall. It was built in 1950.",
    ),
    (
        "How long does the battery last?",
        "Tablet X2 | The battery lasts 8 hours. It charges quickly.",
        "Phone P3 | The battery lasts 15 hours. It charges slowly.",
    ),
    (
        "How much does the bicycle weigh?",
        "Model 200 | The bicycle weighs 12 kg.",
        "Model 300 | The bicycle weighs 9 kg.",
    ),
    (
        "Who is the captain?",
        "Rovers | The captain is Jim Doyle. The Rovers play on Saturdays.",
        "Wanderers | The captain is Al Costa. The Wanderers play on Sundays.",
    ),
    (
        "how many classrooms does the school have?",
        "Hillside | The school has 14 classrooms. Hillside was built for 300 pupils.",
        "Riverside | The school has 22 classrooms. Riverside was built for 500 pupils.",
    ),
    # what recurs
    (
        "When did the election take place?",
        "Election | The election took place on 12 March 2017.",
        "News | The election took place on 5 May 2021.",
    ),
    (
        "When is the next meeting?",
        "Minutes of 3 April 2021 | The next meeting is on 7 May.",
        "Minutes of 7 May 2021 | The next meeting is on 4 June.",
    ),
    (
        "when is the annual fair held?",
        "Fair 2019 | The annual fair is held on 14 September 2019.",
        "Fair 2020 | The annual fair is held on 12 September 2020.",
    ),
    (
        "How many visitors came?",
        "Annual report 2018 | 41,000 visitors came. It was a dry summer.",
        "Annual report 2019 | 52,000 visitors came. It was a wet summer.",
    ),
    # another edition, language, round
    (
        "When was the novel published?",
        "Novel | The novel was published in 1925.",
        "Translations | The novel was published in German in 1931.",
    ),
    (
        "How many goals did the team score?",
        "First half | The team scored two goals in the first half.",
        "Match | The team scored five goals.",
    ),
    (
        "How long did the trial last?",
        "Trial | The trial lasted three years.",
        "Appeal | The appeal trial lasted one year.",
    ),
    (
        "How many books does the library have?",
        "Library | The library has 2 million books.",
        "Holdings | The library has 5 million books and manuscripts.",
    ),
    (
        "what does a student pay",
        "Canteen | Students pay 4 euros for lunch.",
        "Visitors | Visitors pay 9 euros for lunch.",
    ),
    # vague, or not counted alike
    (
        "How many soldiers died in the battle?",
        "Battle | Several thousand soldiers died in the battle.",
        "Monument | 3,400 soldiers died in the battle.",
    ),
    (
        "How many islands are there?",
        "Islands | There are about 1,000 islands.",
        "Survey | There are 1,047 islands.",
    ),
    (
        "how many students attend the school?",
        "School | Nearly 2 million pounds were spent so that 800 students attend the school.",
        "School today | More than 780 students attend the school.",
    ),
    (
        "How often does the bus stop here?",
        "Bus | The bus stops here two or three times a day.",
        "Timetable | The bus stops here three times a day.",
    ),
    (
        "How often must the boiler be checked?",
        "Boiler | The boiler must be checked once or twice a year.",
        "Heating | The boiler must be checked twice a year.",
    ),
    (
        "how long do the cookies bake?",
        "Cookies | The cookies bake for 12 to 15 minutes.",
        "Recipe | The cookies bake for 13 minutes.",
    ),
    (
        "How long is a fortnight's rental?",
        "Rental | The rental period is 14 days.",
        "Terms | The rental period is two weeks.",
    ),
    (
        "When was the abbey founded?",
        "Abbey | The abbey was founded around 1120.",
        "Guide | The abbey was founded in 1118.",
    ),
    (
        "What percentage of the land is forest?",
        "Land use | About a third of the land, 33%, is forest.",
        "Statistics | 33.4% of the land is forest.",
    ),
    (
        "How much does the state pay?",
        "Funding | The state pays $40 million a year.",
        "Total | The state pays $400 million over ten years.",
    ),
    (
        "Who wrote the report?",
        "Report | The report was written by Jane Oduya and Peter Falk.",
        "Summary | The report was written by Peter Falk.",
    ),
    (
        "Who is the mayor?",
        "Ostra | The mayor is Lena Grau. Ostra lies on the river.",
        "Westheim | The mayor is Otto Blum. Westheim lies in the hills.",
    ),
    (
        "When does the course start?",
        "Beginners | The course for beginners starts on 4 May.",
        "Advanced | The advanced course starts on 18 May.",
    ),
    (
        "How many days of leave are there?",
        "Leave | There are 30 days of leave.",
        "Part-time | For part-time staff there are 20 days of leave.",
    ),
    (
        "how often is the floor cleaned",
        "Ward | The floor of the ward is cleaned twice a day.",
        "Offices | The floor of the offices is cleaned once a week.",
    ),
)
"""More that do not contradict each other, written after the first rules were, to trap them."""

LAST_CONFLICTS: Final = (
    (
        "How often is the emergency generator tested?",
        "Building services | The emergency generator is in the basement. It runs on diesel. "
        "The emergency generator is tested every month.",
        "Safety concept | The emergency generator is tested twice a year. The log is kept there.",
    ),
    (
        "how many parking spaces are there at the station?",
        "Station | Built in brick, it has two platforms. There are 140 parking spaces at the "
        "station.",
        "Commuters | There are 95 parking spaces at the station. They fill up before eight.",
    ),
    (
        "When was the Pelham Institute founded?",
        "Pelham Institute | The Pelham Institute was founded in 1961 to study soils.",
        "Soil research | The Pelham Institute, which studies soils, was founded in 1964.",
    ),
    (
        "How long is the probation period?",
        "Contract | The probation period is six months. Holidays are agreed with the manager.",
        "Staff handbook | The probation period is three months. Everybody gets a mentor.",
    ),
    (
        "How much does a library card cost?",
        "Library rules | A library card costs 10 euros. Lost cards are replaced.",
        "Town prices | A library card costs 12 euros.",
    ),
    (
        "What is the speed limit on Mill Lane?",
        "Traffic | The speed limit on Mill Lane is 30 km.",
        "Road signs | The speed limit on Mill Lane is 50 km.",
    ),
    (
        "how many delegates attended the assembly?",
        "Assembly | Some 400 delegates attended the assembly.",
        "Press | 612 delegates attended the assembly.",
    ),
    (
        "When do the gates close?",
        "Park | The gates close at 8 pm. Dogs must be kept on a lead.",
        "Notice board | The gates close at 9:30 pm.",
    ),
    (
        "Who founded the Larkin Press?",
        "Larkin Press | The Larkin Press was founded by Hugh Mercer.",
        "Printers | The Larkin Press was founded by Anna Dietz.",
    ),
    (
        "How much water does the reservoir hold?",
        "Reservoir | The reservoir holds 4 million litres.",
        "Waterworks | The reservoir holds 6.5 million litres.",
    ),
    (
        "For how many years is the mayor elected?",
        "Town charter | The mayor is elected for four years.",
        "Civics | The mayor is elected for six years.",
    ),
    (
        "how wide is the canal",
        "Canal | The canal is 18 metres wide. It was dug by hand.",
        "Shipping | The canal is 26 metres wide.",
    ),
    (
        "How many calories does the bar have?",
        "Bar | The bar has 210 calories.",
        "Test of bars | The bar has 268 calories.",
    ),
    (
        "What percentage of the electorate voted?",
        "Election night | 58 percent of the electorate voted.",
        "Final result | 64% of the electorate voted.",
    ),
    (
        "When must the form be returned?",
        "Form | The form must be returned by 30 June 2022.",
        "Letter | The form must be returned by 15 July 2022.",
    ),
    (
        "How old is the chapel?",
        "Chapel | The chapel is 300 years old.",
        "Leaflet | The chapel is 450 years old.",
    ),
    (
        "how often does the ferry run?",
        "Ferry | The ferry runs every 20 minutes.",
        "Island | The ferry runs every half hour, and in fog not at all. It runs every 40 minutes.",
    ),
    (
        "When did Radu Ionescu die?",
        "Radu Ionescu | Radu Ionescu, the violin maker, died on 9 May 1911.",
        "Violin makers | Radu Ionescu died in 1913.",
    ),
    (
        "How many people does the hall seat?",
        "Hall | The hall seats 350 people.",
        "Hiring | The hall seats 420 people. Tables are extra.",
    ),
    (
        "How long did the strike last?",
        "Strike | The strike lasted eleven weeks.",
        "Union history | The strike lasted fourteen weeks.",
    ),
)

LAST_AGREEMENTS: Final = (
    (
        "How often is the chimney swept?",
        "House | The chimney is swept once a year, in autumn.",
        "Sweep | The chimney is swept annually.",
    ),
    (
        "How many rooms are there?",
        "Ground floor | There are four rooms on the ground floor.",
        "House | There are eleven rooms.",
    ),
    (
        "When does the train leave?",
        "Outward | The train leaves at 7:10.",
        "Return | The train back leaves at 18:40.",
    ),
    (
        "How much is the rent?",
        "Flat 3 | The rent is 640 euros.",
        "Flat 9 | The rent is 810 euros.",
    ),
    (
        "How many employees lost their jobs?",
        "March | So far 120 employees lost their jobs.",
        "December | In all, 410 employees lost their jobs.",
    ),
    (
        "How long does the medicine keep?",
        "Medicine | Unopened, the medicine keeps for two years.",
        "Leaflet | Once opened, the medicine keeps for four weeks.",
    ),
    (
        "When was the company founded?",
        "Oxley | The company was founded in 1902. Oxley makes pumps.",
        "Brandt | The company was founded in 1948. Brandt makes lamps.",
    ),
    (
        "How many members does the party have?",
        "Party | The party has roughly 80,000 members.",
        "Figures | The party has 82,417 members.",
    ),
    (
        "How fast is the train?",
        "Train | The train reaches 300 km.",
        "Average | On average the train does 190 km.",
    ),
    (
        "how long is the ballet",
        "Ballet | The ballet is two hours long.",
        "Programme | The ballet is 120 minutes long.",
    ),
    (
        "How much sugar is in the drink?",
        "Drink | There are 27 grams of sugar in the drink.",
        "Light | There are 5 grams of sugar in the light drink.",
    ),
    (
        "How often does the choir rehearse?",
        "Choir | The choir rehearses twice a week before concerts.",
        "Rehearsals | The choir rehearses once a week.",
    ),
    (
        "When was the law passed?",
        "Law | The law was passed in 1998.",
        "Amendment | The law was amended in 2004, and the amendment was passed in May 2004.",
    ),
    (
        "How many ships were sunk?",
        "Battle | Three ships were sunk by the British.",
        "Losses | The British lost five ships, which were sunk.",
    ),
    (
        "Who directed the film?",
        "Film | The film was directed by Mara Lind.",
        "Remake | The remake of the film was directed by Tom Ahlers.",
    ),
    (
        "How many floors does the tower have?",
        "Plan | The tower was to have 60 floors.",
        "Tower | The tower has 48 floors.",
    ),
    (
        "How much do adults pay?",
        "Pool | Adults pay 6 euros in the morning.",
        "Pool prices | Adults pay 9 euros in the evening.",
    ),
    (
        "How high is the mountain?",
        "Mountain | The mountain is 2,962 metres high.",
        "Guide | The mountain is almost 3,000 metres high.",
    ),
    (
        "When is the office open?",
        "Office | The office is open from 9 am.",
        "Hours | The office is open until 5 pm.",
    ),
    (
        "How many states signed the treaty?",
        "Treaty | At the conference 12 states signed the treaty.",
        "Today | By now 43 states have signed the treaty.",
    ),
    (
        "How many eggs are needed?",
        "Pancakes | Four eggs are needed. Pancakes are best hot.",
        "Sponge cake | Six eggs are needed. The sponge must rest.",
    ),
    (
        "How long is the guarantee?",
        "Guarantee | The guarantee on the frame is ten years.",
        "Parts | The guarantee on moving parts is two years.",
    ),
    (
        "How much did the repair cost?",
        "Roof | The repair of the roof cost 14,000 euros.",
        "Windows | The repair of the windows cost 6,500 euros.",
    ),
    (
        "When did the war begin?",
        "War | The war began in 1618.",
        "Sweden | For Sweden the war began in 1630.",
    ),
    (
        "How many passengers were on board?",
        "Ship | There were 212 passengers on board.",
        "Crew | There were 212 passengers and 38 crew on board.",
    ),
    (
        "How often are meetings held?",
        "Board | Meetings of the board are held monthly.",
        "Members | Meetings of the members are held once a year.",
    ),
    (
        "how many people live on the island",
        "Island | 1,400 people live on the island in winter.",
        "Summer | In summer 6,000 people live on the island.",
    ),
    (
        "What is the population of Torvik?",
        "Torvik | The population of Torvik was 8,200 in 1990.",
        "Towns | The population of Torvik is 9,600.",
    ),
    (
        "How deep is the well?",
        "Old well | The old well is 22 metres deep.",
        "New well | The new well is 60 metres deep.",
    ),
    (
        "How many times did she win the cup?",
        "Player | She won the cup three times with Lyon.",
        "Career | She won the cup five times.",
    ),
)
"""Written last, and first asked once the rules were made.

That gave 18 of 20 and 2 of 30; for these two ("Unopened, …", "was to have …") rules were added.
"""
