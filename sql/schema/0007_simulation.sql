-- Tells an instance in which a past period was lived again from one that goes by the calendar.
alter table dataset add column simulated_until timestamp;
comment on column dataset.simulated_until is
'Where the simulated time of this instance ended, from which its clock goes on while it runs; null by the calendar.'
