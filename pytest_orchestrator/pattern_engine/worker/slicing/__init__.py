"""What of a file a pattern has to be shown: statements cut out of it, and what is known of the rest."""
