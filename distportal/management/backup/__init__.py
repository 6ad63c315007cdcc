"""Take the portal's facts away and bring them back: the database and the files that its rows name."""
