"""What all tables share."""

from peewee import BigAutoField, Model


class Table(Model):
    """Base of all tables. Bound to a database by `orchestrator.database.connection.open_database`, never before.

    Times are integer microseconds UTC, durations integer microseconds. Texts have no length in the database: what
    may be entered is checked where it is entered, and what the switch tells is never refused for its length.
    """

    class Meta:
        """Full table names, as the models are called."""

        legacy_table_names = False


class NumberedTable(Table):
    """A table whose rows are numbered as they come."""

    id = BigAutoField()
