import GRDB
import GuardianCore
import Synchronization

/// Converts the errors of an open database, and notices those that say that it is damaged.
final class DamageWatch: Sendable {
    private let path: String
    private let first = Mutex<String?>(nil)

    init(path: String) { self.path = path }

    /// What SQLite said first of the damage; `nil` while it has said nothing.
    var found: String? { first.withLock { $0 } }

    /// Converts an error of SQLite to a `GuardianError`; others are returned as they are.
    func converted(_ error: any Error) -> any Error {
        let converted = GuardianError.storage(error, path: path)
        if let error = error as? DatabaseError, (converted as? GuardianError)?.code == .dataLoss {
            first.withLock { $0 = $0 ?? "SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "damaged")" }
        }
        return converted
    }
}
