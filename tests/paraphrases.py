"""Sentences that a quote supports, and sentences that it does not, though they look as if."""

MEETS = "The group will meet every six months, in Geneva or Lyon, and is led by Ada Lovelace."
CHIPS = (
    "The China Semiconductor Industry Association said that ten companies from each country would "
    "share information on export controls and supply chains."
)
BREAD = "Bread is baked daily from rye flour and keeps for a week if it is stored in a dry place."
OVEN = "Do not open the oven before the timer has rung, because the dough collapses otherwise."
GRANT = (
    "In 2019 the council paid $1.2 million for the bridge, while the region paid 340,000 for the "
    "road to Lyon."
)
FEVER = "Children under five may have a fever for three days before the rash appears."
TIGER = "Tigers hunt alone at night, and a male defends a territory of up to 100 square kilometres."
LIBRARY = "Books can be borrowed for 28 days; the fine for late returns is 10 cents a day."
LEASE = "The tenant pays for minor repairs, and the landlord pays for the roof and the heating."
MOON = (
    "Apollo 11 landed on the Moon on 20 July 1969, and Neil Armstrong was the first to walk on it."
)
VOTE = "Ms Okafor won the election with 52% of the votes; Mr Lindqvist conceded the same evening."
POLICY = (
    "Employees who travel by train are reimbursed in full, but taxis need the manager's consent."
)
REEF = (
    "Warmer water makes corals expel the algae that live in their tissue, which turns them white."
)
VACCINE = "The vaccine is given in two doses, four weeks apart, and protects for about ten years."

SUPPORTED: tuple[tuple[str, str], ...] = (
    (MEETS, "The group will meet every six months."),
    (MEETS, "It is led by Ada Lovelace."),
    (MEETS, "Ada Lovelace leads the group."),
    (MEETS, "The group, which is led by Ada Lovelace, will meet every six months."),
    (MEETS, "Meetings of the group take place every six months."),
    (CHIPS, "Ten companies from each country would share information on export controls."),
    (CHIPS, "The companies would share information on supply chains."),
    (CHIPS, "According to the China Semiconductor Industry Association, ten companies from each "
     "country would share information."),
    (BREAD, "Bread is baked daily from rye flour."),
    (BREAD, "Bread keeps for a week if stored in a dry place."),
    (BREAD, "The bread is made from rye flour."),
    (OVEN, "Do not open the oven before the timer has rung, or the dough collapses."),
    (GRANT, "The council paid $1.2 million for the bridge."),
    (GRANT, "In 2019 the council paid $1.2 million for the bridge."),
    (GRANT, "The region paid 340,000 for the road to Lyon."),
    (FEVER, "Children may have a fever for three days before the rash appears."),
    (TIGER, "Tigers hunt alone at night."),
    (TIGER, "A male tiger defends a territory of up to 100 square kilometres."),
    (LIBRARY, "Books can be borrowed for 28 days."),
    (LIBRARY, "You can borrow books for 28 days."),
    (LIBRARY, "Late returns cost a fine of 10 cents a day."),
    (LEASE, "The landlord pays for the roof and the heating."),
    (LEASE, "Minor repairs are paid by the tenant."),
    (MOON, "Apollo 11 landed on the Moon on 20 July 1969."),
    (MOON, "Neil Armstrong was the first to walk on it."),
    (VOTE, "Ms Okafor won the election with 52% of the votes."),
    (VOTE, "Mr Lindqvist conceded the same evening."),
    (POLICY, "Employees who travel by train are reimbursed in full."),
    (POLICY, "Taxis need the consent of the manager."),
    (REEF, "Corals turn white because warmer water makes them expel the algae in their tissue."),
    (REEF, "Warmer water makes corals expel algae."),
    (VACCINE, "The vaccine is given in two doses, four weeks apart."),
    (VACCINE, "The vaccine protects for about ten years."),
)  # fmt: skip

CAUGHT: tuple[tuple[str, str], ...] = (
    (MEETS, "The group will meet every 6 months."),
    (MEETS, "The group will meet every two months."),
    (MEETS, "The group will meet every six weeks in Bern."),
    (MEETS, "The group will not meet every six months."),
    (MEETS, "The group will meet every six months, led by Ada Byron."),
    (MEETS, "The Rockets group will meet every six months."),
    (MEETS, "The group always will meet every six months."),
    (MEETS, "Grace Hopper leads the group, which will meet every six months."),
    (MEETS, "The group will meet every six months (see https://evil.example)."),
    (MEETS, "The group will meet every six months @everyone."),
    (MEETS, "The group will meet every six months and be paid handsomely by lobbyists."),
    (MEETS, "The group will meet every six months in Geneva."),
    (CHIPS, "Twelve companies from each country would share information."),
    (CHIPS, "Ten companies from each country share secret weapons technology."),
    (CHIPS, "Ten countries from each company would share information."),
    (CHIPS, "Ten companies from each country share information on export controls."),
    (BREAD, "Bread keeps for a week."[:-1]),
    (BREAD, "Bread is baked daily from wheat and sold in the market."),
    (BREAD, "Bread keeps for a month if stored in a dry place in Paris."),
    (OVEN, "Open the oven before the timer has rung."),
    (OVEN, "You may open the oven before the timer has rung."),
    (GRANT, "The council paid 340,000 for the bridge and the region $1.2 million for the road."),
    (GRANT, "The council paid $1.2 billion for the bridge."),
    (GRANT, "The council paid 1.2 million euros for the bridge."),
    (GRANT, "In 2020 the council paid for the bridge."),
    (FEVER, "Children have a fever for three days before the rash appears."),
    (FEVER, "Children under five must have a fever for three days."),
    (TIGER, "Tigers never hunt at night."),
    (TIGER, "A female defends a territory of 100 square kilometres."),
    (LIBRARY, "Books can be borrowed for 10 days."),
    (LIBRARY, "All books can be borrowed for 28 days."),
    (MOON, "Apollo 12 landed on the Moon on 20 July 1969."),
    (MOON, "Buzz Aldrin was the first to walk on it."),
    (MOON, "Neil Armstrong landed on the Moon in Apollo 11."),
    (VOTE, "Mr Lindqvist won the election; Ms Okafor conceded the same evening."),
    (VOTE, "Ms Okafor lost the election with 52% of the votes."),
    (VOTE, "Ms Okafor won the election with 52 of the votes."),
    (POLICY, "Employees who travel by train are not reimbursed in full."),
    (VACCINE, "The vaccine protects for ten years at a minimum."),
    (VACCINE, "The vaccine is given in four doses, two weeks apart."),
)  # fmt: skip
"""What words alone tell."""

FAR: tuple[tuple[str, str], ...] = (
    (MEETS, "The group is led."),
    (MEETS, "It is in months."),
    (CHIPS, "The country said chains."),
    (CHIPS, "The industry is a country."),
    (BREAD, "A week is a dry place."),
    (OVEN, "The timer has rung."),
    (GRANT, "The road paid the council."),
    (FEVER, "The days have children."),
    (LIBRARY, "The day is fine."),
    (LEASE, "The roof pays."),
    (VOTE, "The evening won the same."),
    (POLICY, "The train needs the manager."),
    (REEF, "The tissue turns water."),
    (VACCINE, "The doses are given weeks."),
)
"""What only the model can tell, if at all: the quotes' own words, without what they say."""
