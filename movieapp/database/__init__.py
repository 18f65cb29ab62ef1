"""DuckDB, imported nowhere else, and the SQL files: each statement is a file, and its path is its name."""

from movieapp.database.asking import Answer as Answer
from movieapp.database.asking import Published as Published
from movieapp.database.connecting import BrokenInput as BrokenInput
from movieapp.database.connecting import Unwritable as Unwritable
from movieapp.database.instants import aware as aware
from movieapp.database.instants import naive as naive
from movieapp.database.live import Database as Database
from movieapp.database.opening import FILE as FILE
from movieapp.database.opening import has_database as has_database
from movieapp.database.opening import open_database as open_database
from movieapp.database.publishing import PUBLISHED as PUBLISHED
from movieapp.database.statements import SQL as SQL
from movieapp.database.statements import Cursor as Cursor
from movieapp.database.statements import statement as statement
from movieapp.database.turns import Turns as Turns
