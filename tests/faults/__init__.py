"""The product killed, cut off and raced; afterwards nothing may be lost or done twice."""
