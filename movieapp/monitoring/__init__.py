"""What the app measures of itself, from the SQL files in sql/monitoring/."""
