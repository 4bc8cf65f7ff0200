"""What was read out of messages, what they turned out to be, and what is learnt from it (F6).

storing    each classification that decided something: one row, in the message's own transaction
truth      what people later said it was; the stronger word stands
listing    the rows, for whoever labels them
figures    how well it is read: shares by week and by category, confusions, words that misled
words      the admin's own dictionary, and what a change of it would change
models     weights learnt here: candidate, live, former
training   one at a time, in a process of its own
live       what a process has to read by now
"""
