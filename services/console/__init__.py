"""`kelmu`: one command line over the commands that each service ships."""
