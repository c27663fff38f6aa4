"""Posts that tell of one thing: found as they come, with a first post and words of their own."""

from nlp.stories.changes import Changes, How, Merge, Placement, Split
from nlp.stories.headline import Headline, headline_of
from nlp.stories.knowledge import Knowledge
from nlp.stories.ngrams import VERSION as NGRAMS
from nlp.stories.ngrams import ngram_vector
from nlp.stories.post import StoryPost
from nlp.stories.recounting import Recount
from nlp.stories.rules import StoryLimits, StoryRules
from nlp.stories.saved import SavedStory, restored, saved
from nlp.stories.stories import Stories
from nlp.stories.story import Phase, Story
from nlp.stories.tally import HALF_LIFE_S
from nlp.stories.terms import Words, words_of

__all__ = [
    "HALF_LIFE_S",
    "NGRAMS",
    "Changes",
    "Headline",
    "How",
    "Knowledge",
    "Merge",
    "Phase",
    "Placement",
    "Recount",
    "SavedStory",
    "Split",
    "Stories",
    "Story",
    "StoryLimits",
    "StoryPost",
    "StoryRules",
    "Words",
    "headline_of",
    "ngram_vector",
    "restored",
    "saved",
    "words_of",
]
