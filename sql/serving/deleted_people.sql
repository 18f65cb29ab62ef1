-- The ids of people who were deleted.
select user_id from deleted_people
