"""Short texts about nothing in particular, written for this program.

They show what a model says whatever the text is, and let two models be compared where the
user has corrected nothing yet.
"""

from __future__ import annotations

NEUTRAL = (
    "The meeting was moved to Thursday.",
    "How do I do that?",
    "She bought two tickets at the counter.",
    "Thank you for your help.",
    "The company opened a new office last year.",
    "It rained for most of the day.",
    "I have a question about this.",
    "The train leaves at nine.",
    "They talked about it for a long time.",
    "Please find the document attached.",
    "A man walked his dog in the park.",
    "This is what I wanted to say.",
    "The report has twelve pages.",
    "Let me know when you are ready.",
    "Some people were there, others came later.",
    "There are several ways to do this.",
)
