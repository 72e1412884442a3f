"""What every rule and every parameter is, in plain English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from qatysu.rules.wording.words import ParamWords, RuleWords

#: The town of the examples; its numbers come from ``describe.TOWN``.
EXAMPLE = (
    "{voters} residents vote and {budget} million tenge may be spent. {projects}. "
    "All who chose “{lights}” chose “{park}” too, and all who chose “{well}” chose “{playground}” too."
)
EXAMPLE_PROJECT = ("“{name}” costs {cost} million and has {votes} vote", "“{name}” costs {cost} million and has {votes} votes")
NAMES: Mapping[str, str] = MappingProxyType(
    {"park": "Park", "lights": "Street lights", "playground": "Playground", "well": "Well"}
)
#: Headings of ``qatysu tally --list-rules``.
HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "default": "default {value}",
        "every": "Parameters of every rule",
    }
)
RULES: Mapping[str, RuleWords] = MappingProxyType(
    {
        "votes": RuleWords(
            "By votes",
            "The project with the most votes is funded first, then the next, while the money lasts.",
            (
                "Projects stand in a list: most votes at the top.",
                "From the top down, each one that the money left is enough for is funded.",
                "A project that is too dear for what is left is passed over, or the list ends there: the constitution says which.",
                "A threshold may be set: a project with fewer votes takes no part.",
            ),
            "“{park}” comes first: 40 million are left. “{lights}” comes next and takes all of it. "
            "Nothing is left for the others. Winners: {winners}.",
            "Everybody can check it with a pencil.",
            "The largest group of voters may take all the money, and dear projects win easily.",
        ),
        "density": RuleWords(
            "By votes per cost",
            "The project with the most votes for its cost is funded first.",
            (
                "The votes of every project are divided by its cost.",
                "Projects stand in a list: most votes per cost at the top.",
                "From the top down, each one that the money left is enough for is funded; the others are passed over.",
            ),
            "“{well}” costs about 3.3 million per vote, “{playground}” 7.5, “{lights}” 8, “{park}” 10. "
            "The first three cost 80 million together. 20 million are left, too little for “{park}”. Winners: {winners}.",
            "Many projects win, and the money serves many votes.",
            "A large project hardly ever wins, even when most people want it.",
        ),
        "equal-shares": RuleWords(
            "Method of Equal Shares",
            "Every voter gets an equal share of the money and pays with it for the projects that the voter chose.",
            (
                "The money is divided equally among all who voted.",
                "A project can be bought when those who chose it hold its cost together; they share it as evenly as they can.",
                "The one that gives its supporters the most for their money is bought first.",
                "Then the others are looked at again, with the money that people still have, until nothing more can be bought.",
                "When money is left, the count is repeated with a little more for everyone, as long as the budget is kept.",
            ),
            "Everyone gets 10 million. Six buy “{park}” and have nothing left, so “{lights}” cannot be bought. "
            "Four buy “{playground}” for 7.5 each. “{well}” needs a little more: with 11 for everyone its three supporters can pay. "
            "Winners: {winners}.",
            "Every group of voters decides about its fair part of the money.",
            "It needs a computer, and it is harder to explain.",
        ),
        "phragmen": RuleWords(
            "Phragmén's method",
            "Voters receive money little by little; a project is bought as soon as its supporters hold its cost.",
            (
                "Everyone starts with nothing and receives money evenly, all the same amount.",
                "As soon as those who chose a project hold its cost together, it is bought and their money is gone.",
                "They begin again from nothing; the others keep what they have.",
                "This goes on until the next project is too dear for the budget that is left.",
            ),
            "“{well}” is bought when everyone has received about 3.3 million, “{lights}” at 8, “{playground}” at 10. "
            "80 million are spent. “{park}” is the next and does not fit. Winners: {winners}.",
            "The burden of paying is spread evenly, so smaller groups win something as well.",
            "It needs a computer, and cheap projects come early.",
        ),
        "welfare": RuleWords(
            "Largest sum of votes",
            "Of all sets of projects that the money allows, the one with the most votes in all is chosen.",
            (
                "Every set of projects that fits into the money is compared.",
                "The votes of its projects are added up.",
                "The set with the largest sum is funded; the computer proves that none is better.",
            ),
            "“{park}” and “{lights}” have 11 votes together; “{lights}”, “{playground}” and “{well}” have 12; "
            "“{park}”, “{playground}” and “{well}” have 13 and cost exactly 100 million. Winners: {winners}.",
            "No other choice fulfils more votes.",
            "One vote more may change the whole list, and a small group may get nothing.",
        ),
    }
)
PARAMS: Mapping[str, ParamWords] = MappingProxyType(
    {
        "fit": ParamWords(
            "When a project no longer fits",
            "What happens at a project that the money left is not enough for.",
            {"skip": "it is passed over, the next one is tried", "stop": "the list ends there"},
        ),
        "key": ParamWords(
            "What is counted", "Points matter only where ballots give points.",
            {"score": "points, where ballots give them", "votes": "votes"},
        ),
        "min_score": ParamWords("Threshold", "Votes or points that a project needs to take part. A number."),
        "min_score_op": ParamWords(
            "How the threshold is meant", "Whether exactly this number is enough.",
            {"ge": "at least this number", "gt": "more than this number"},
        ),
        "partial": ParamWords(
            "Share that must be left",
            "After the list has ended: if what is left covers this share of the next project's cost, it is funded besides, with other "
            "money for the rest. For example 0.8.",
        ),
        "conflicts": ParamWords(
            "Projects that exclude each other",
            "Of each group only one may win. A/B: the one that comes first. A/B:B: only B takes part. Semicolons divide groups.",
        ),
        "utility": ParamWords(
            "What a project is worth to its voter", "By this Equal Shares measures what people get for their money.",
            {
                "cost": "its cost: dear projects are worth more",
                "cardinality": "the same for each project",
                "score": "the points that the voter gave",
            },
        ),
        "completion": ParamWords(
            "What happens to money that is left", "Equal Shares seldom spends everything by itself.",
            {
                "add1": "everyone gets a little more and all is counted again, as long as the budget is kept",
                "add1e": "the same, and it ends as soon as nothing more can be added",
                "add1u": "the same as the first, then the rest goes by votes",
                "utilitarian": "the rest goes by votes",
                "none": "it is not spent",
            },
        ),
        "step": ParamWords("Added per voter and run", "Money that everyone gets each time. The smaller, the longer the count."),
        "comparison": ParamWords(
            "Check against the list by votes", "Whether voters must prefer the result to the one by votes.",
            {"none": "no check", "votes": "if more voters get more money's worth from the list by votes, that list wins"},
        ),
        "unaffordable": ParamWords(
            "When the next project does not fit", "What happens when the project whose turn it is costs more than is left.",
            {"stop": "the rule ends", "skip": "the project is passed over, the rule goes on"},
        ),
        "tie": ParamWords(
            "A tie that decides who wins", "Who goes first among equals.",
            {
                "refuse": "people decide, the program does not",
                "id": "the smaller number, compared as text",
                "cheaper": "the cheaper, then the one with more votes, then the smaller number",
                "dearer": "the dearer, then the one with more votes, then the smaller number",
                "decision": "the order that people have decided",
            },
        ),
        "tie_decision": ParamWords("Decided order", "Numbers of the tied projects in the order decided, divided by commas."),
        "withdrawn": ParamWords("Withdrawn projects", "Numbers of projects that take no part, divided by commas."),
        "parts": ParamWords(
            "Budgets of parts", "Whether categories or districts have budgets of their own.",
            {"none": "one budget for all", "category": "each category has its own", "district": "each district has its own"},
        ),
        "leftover": ParamWords(
            "Money that parts have not spent", "What happens to it in the end.",
            {"none": "it is not spent", "pool": "it goes to the next projects by votes, wherever they are"},
        ),
        "paper": ParamWords("Votes on paper", "Votes that were counted on paper, as NUMBER:VOTES, divided by commas."),
        "extra": ParamWords("Paid from other money", "Numbers of projects that people decided to pay besides, divided by commas."),
        "budget": ParamWords("Another budget", "Money that may be spent, if it is not the amount in the file."),
    }
)
