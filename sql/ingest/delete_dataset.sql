-- Removes all rows of dataset.
delete from dataset
