"""Words to meaning: what a message wants, what it is about, and what it says of the rest.

`classifier.read(text)` answers what a message is: intent, category and urgency, each with its
confidence and the words that decided (`reading`). Readers of one thing each answer what it says:

    incident, symptom, devices   a fault: what is wrong, with what, urgent or not; two faults at
                                 once; a correction
    places, contact              where; who calls and how they are reached
    choice                       yes, no, amend, cancel; which of the options
    commands, ticket_ref         a typed order, as a button gives it; which ticket it names
    answers                      what an engineer says when asked why, until when, to whom
    when                         an instant to come
    result, scores               what an engineer did; what the requester thinks of it

No reader raises, whatever the text, nor looks further than its first 500 characters; without its
word list it finds less. All match on a copy: `normalize` for words, `wording` where the person's
own characters are given back. `patterns` makes every regular expression, `numerals` reads numbers.

How the classifier works: `segment` (jieba) and `lexicon` (the desk's word list) cut and find words,
`denial` strikes out what a message says it is not about, `features` places all of it in the
weights of `model`. Without weights `keywords` counts words of the lexicon and is so unsure that the
person is asked. `python -m nlp.training` learns the weights from `corpus` and must be run after any
change of a file that `training.sources()` lists; `evaluation` measures, dealt out by `folds`, and
`report` prints it. Only learning and measuring load scikit-learn; reading a message never does.
"""
