import GRDB
import GuardianCore

extension GuardianError {
    /// Converts an error of SQLite to a `GuardianError`: the only place that interprets its result codes
    /// (https://sqlite.org/rescode.html). Other errors are returned as they are.
    public static func storage(_ error: any Error, path: String) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        let (code, message) = meaning(of: error.resultCode)
        // The cause's text has the statement, but not its arguments: GRDB leaves them out unless asked.
        return GuardianError(
            code, "\(message) (\(path))", cause: error,
            context: ["sqlite": "\(error.extendedResultCode.rawValue)", "path": path])
    }

    /// Returns whether another connection holds the lock, so that a later attempt may succeed.
    static func isBusy(_ error: any Error) -> Bool {
        guard let error = error as? GuardianError, let cause = error.cause as? DatabaseError else { return false }
        return cause.resultCode == .SQLITE_BUSY || cause.resultCode == .SQLITE_LOCKED
    }

    private static func meaning(of code: ResultCode) -> (Code, String) {
        switch code {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            (.unavailable, "Another process has locked the database; try again.")
        case .SQLITE_FULL:
            (.resourceExhausted, "The disk that holds the database is full; make room.")
        case .SQLITE_NOMEM:
            (.resourceExhausted, "There is not enough memory for the database; close other programs.")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            (.dataLoss, "The database is damaged; keep a copy and run `guardian doctor --verify`.")
        case .SQLITE_IOERR:
            (.internal, "The disk failed to read or write the database; check the system's log.")
        case .SQLITE_CANTOPEN:
            (.failedPrecondition, "The database cannot be opened; check that its folder exists and is writable.")
        case .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_READONLY:
            (.permissionDenied, "The database is not writable; check its owner and mode.")
        case .SQLITE_CONSTRAINT:
            (.failedPrecondition, "A constraint of the database was violated.")
        case .SQLITE_INTERRUPT, .SQLITE_ABORT:
            (.aborted, "The database interrupted the work.")
        case .SQLITE_SCHEMA:
            (.aborted, "The database's schema was changed meanwhile; try again.")
        case .SQLITE_TOOBIG, .SQLITE_RANGE, .SQLITE_MISMATCH:
            (.invalidArgument, "A value does not fit into the database.")
        default:
            (.internal, "The database failed.")
        }
    }
}
