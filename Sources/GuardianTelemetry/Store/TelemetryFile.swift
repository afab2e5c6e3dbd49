import Foundation
public import GuardianCore
import GuardianStorage
public import Logging
import Synchronization

/// The file of the telemetry, opened when it is first used. Nothing else depends on it: while it cannot be opened, every use fails with
/// the reason and tries again. A damaged one is set aside, and a new one begins.
public final class TelemetryFile: Sendable {
    private let path: String
    private let clock: any WallClock
    private let logger: Logger
    private let opened = Mutex<TelemetryStore?>(nil)

    public init(path: String, clock: any WallClock = SystemClock(), logger: Logger) {
        self.path = path
        self.clock = clock
        self.logger = logger
    }

    /// - Throws: what opening a `Store` throws.
    public func store() throws -> TelemetryStore {
        try opened.withLock { opened in
            if let store = opened, store.damageFound == nil { return store }
            if let store = opened {
                opened = nil
                try? store.close()
                try setAside(store.damageFound ?? "")
            }
            let store: TelemetryStore
            do { store = try TelemetryStore(path: path, clock: clock) } catch let error as GuardianError
                where error.code == .dataLoss
            {
                try setAside("\(error)")
                store = try TelemetryStore(path: path, clock: clock)
            }
            opened = store
            return store
        }
    }

    public func close() {
        let store = opened.withLock { opened in
            defer { opened = nil }
            return opened
        }
        do { try store?.close() } catch {
            logger.warning("telemetry cannot be closed", metadata: ["reason": "\(error)"])
        }
    }

    private func setAside(_ reason: String) throws {
        let aside = try SetAside.database(path, at: clock.now())
        logger.error("database damaged and set aside", metadata: ["path": "\(aside)", "reason": "\(reason)"])
    }
}
