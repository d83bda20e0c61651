"""What can go wrong with the database, in words that the rest of the program can act on."""


class StorageError(Exception):
    """The database could not do what was asked; nothing of the transaction was kept."""


class StorageFullError(StorageError):
    """The disk is full or the file may not be written; the same work can succeed later."""


class ReadOnlyError(StorageFullError):
    """The file or its folder may not be written by this user, or not at all."""


class WrongKeyError(StorageError):
    """The file is not a database, or it is encrypted with another key."""


class MissingKeyError(WrongKeyError):
    """No key was given for a file that looks encrypted."""


class DamagedError(StorageError):
    """The file's own integrity check failed."""


class NewerSchemaError(StorageError):
    """The file was written by a newer version of this program."""


class InUseError(StorageError):
    """Another process uses the database; the message says which."""


class MarksError(StorageError):
    """It cannot be told who was deleted since a backup was made."""
