import GRDB
import GuardianCore

extension GuardianError {
    /// A failure of SQLite as one of ours: the only place where its result codes (https://sqlite.org/rescode.html) are
    /// given a meaning. Other errors pass as they are.
    public static func storage(_ error: any Error, path: String) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        let (code, message) = meaning(of: error.resultCode)
        // The statement stands in the cause's text; its arguments do not (GRDB leaves them out unless asked).
        return GuardianError(
            code, "\(message) (\(path))", cause: error,
            context: ["sqlite": "\(error.extendedResultCode.rawValue)", "path": path])
    }

    /// Whether SQLite only asks to come again: another connection holds the lock.
    static func isBusy(_ error: any Error) -> Bool {
        guard let error = error as? GuardianError, let cause = error.cause as? DatabaseError else { return false }
        return cause.resultCode == .SQLITE_BUSY || cause.resultCode == .SQLITE_LOCKED
    }

    private static func meaning(of code: ResultCode) -> (Code, String) {
        switch code {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            (.unavailable, "Another process holds the database; try again.")
        case .SQLITE_FULL:
            (.resourceExhausted, "The disk that holds the database is full; make room.")
        case .SQLITE_NOMEM:
            (.resourceExhausted, "No memory was left for the database.")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            (.dataLoss, "The database is damaged; keep a copy and run `guardian doctor --verify`.")
        case .SQLITE_IOERR:
            (.internal, "The disk failed to read or write the database; look at the system's log.")
        case .SQLITE_CANTOPEN:
            (.failedPrecondition, "The database cannot be opened; check that its folder exists and may be written.")
        case .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_READONLY:
            (.permissionDenied, "The database may not be written; check its owner and mode.")
        case .SQLITE_CONSTRAINT:
            (.failedPrecondition, "A rule of the database was broken.")
        case .SQLITE_INTERRUPT, .SQLITE_ABORT:
            (.aborted, "The database broke off the work.")
        case .SQLITE_SCHEMA:
            (.aborted, "The database was changed meanwhile; try again.")
        case .SQLITE_TOOBIG, .SQLITE_RANGE, .SQLITE_MISMATCH:
            (.invalidArgument, "A value does not fit into the database.")
        default:
            (.internal, "The database failed.")
        }
    }
}
