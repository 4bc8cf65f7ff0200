"""Documents for paper: forms as PDF with their fonts inside."""
