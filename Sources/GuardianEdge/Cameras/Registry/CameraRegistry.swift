import Foundation
import GuardianCore
import GuardianHTTP
import GuardianJournal
import GuardianMedia
import GuardianOperations
import Logging
import ServiceLifecycle
import Synchronization

/// The cameras of this edge: runs each as the settings say, and changes them while the others record.
///
/// A change is on the disk when its method returns, and its camera follows in its own time: a station that takes long to end
/// delays nobody.
package final class CameraRegistry: Service {
    private struct State {
        var units: [CameraID: CameraUnit] = [:]
        var names: CameraNames.Table
    }

    let settings: CameraSettingsStore
    let rules: CameraAddressRules
    /// Tests addresses of cameras that are not saved.
    let newTest: CameraTestRunner
    private let surroundings: CameraUnit.Surroundings
    var clock: any WallClock { surroundings.clock }
    private let state: Mutex<State>
    /// Units to run.
    private let arrivals = Mailbox<CameraUnit>()

    /// - Parameters:
    ///   - picture: makes a JPEG of a keyframe, for tests; `nil`: they have no picture.
    ///   - make: makes a camera's station; the gap is what the coverage says of the camera then.
    ///   - note: writes a change of coverage.
    package init(
        _ settings: CameraSettingsStore, rules: CameraAddressRules, clock: any WallClock, logger: Logger,
        picture: (@Sendable (Packet, StreamDescription) async throws -> Data)? = nil,
        make: @escaping @Sendable (CameraRecord, CameraGap) throws -> CameraStation,
        note: @escaping @Sendable (Coverage) async -> Void
    ) {
        self.settings = settings
        self.rules = rules
        surroundings = CameraUnit.Surroundings(
            make: make, note: note, picture: picture, clock: clock, logger: logger)
        newTest = CameraTestRunner(picture: picture)
        state = Mutex(State(names: CameraNames.Table(settings.aliases)))
        follow()
    }

    /// All cameras, in the order of the settings.
    package var entries: [CameraEntry] {
        let units = state.withLock { $0.units }
        return settings.list.records.compactMap { record in
            units[record.id].map { CameraEntry(record, $0, rules: rules) }
        }
    }

    /// The cameras, and those that were removed and still end.
    package var unitCount: Int { state.withLock { $0.units.count } }

    /// The UUIDs of all cameras that there ever were, by alias.
    package var ids: [CameraAlias: CameraID] {
        Dictionary(settings.aliases.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
    }

    /// The names of all cameras that there ever were: those of removed ones still stand on their footage.
    package var names: CameraNames { CameraNames { [self] in state.withLock { $0.names } } }

    /// Runs the cameras until the process shuts down, and until all their stations have ended.
    package func run() async throws {
        await withDiscardingTaskGroup { group in
            await withGracefulShutdownHandler {
                while let unit = await arrivals.next() { group.addTask { await self.run(unit) } }
            } onGracefulShutdown: {
                self.arrivals.finish()
            }
        }
    }

    private func run(_ unit: CameraUnit) async {
        while await unit.run() == .removed, !forget(unit) {}
    }

    /// - Returns: `false` when the camera was added again meanwhile: then its unit goes on.
    private func forget(_ unit: CameraUnit) -> Bool {
        state.withLock { state in
            guard unit.record == nil else { return false }
            state.units[unit.id] = nil
            return true
        }
    }

    /// Makes the units what the settings say.
    func follow() {
        let new = state.withLock { state -> [CameraUnit] in
            // Read within the lock, so that of two changes at once the later one counts.
            let (records, aliases) = (settings.list.records, settings.aliases)
            var new: [CameraUnit] = []
            for record in records where state.units[record.id] == nil {
                let unit = CameraUnit(record, surroundings)
                state.units[record.id] = unit
                new.append(unit)
            }
            for unit in state.units.values { unit.want(records.first { $0.id == unit.id }) }
            state.names = CameraNames.Table(aliases)
            return new
        }
        arrivals.update { $0 += new }
    }
}
