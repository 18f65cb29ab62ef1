-- People who were deleted: nobody else is given their id, and nothing about them is written any more.
create table deleted_people (user_id integer primary key);
comment on table deleted_people is 'One row per person who was deleted in this app.';
comment on column deleted_people.user_id is 'Their id, which is given to nobody else.'
