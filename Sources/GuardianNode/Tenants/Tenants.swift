import Foundation
import GuardianCore
import GuardianJournal
import GuardianOperations
import GuardianTelemetry
import GuardianWire
import Logging
import Synchronization

/// The tenants of a node: one folder and one SQLite file each, opened on first use.
///
/// No query has a tenant's name as a parameter: access to a tenant's data needs a `TenantScope`, and only an identity
/// yields one.
public final class Tenants: Sendable {
    private let folder: String
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let objects: ArchivePlace
    private let logger: Logger
    private let opened = Mutex<[TenantName: Tenant]>([:])

    /// - Parameters:
    ///   - folder: holds one folder per tenant; created if it is missing.
    ///   - objects: where the archive's objects are kept.
    public init(
        folder: String, objects: ArchivePlace, clock: any WallClock = SystemClock(),
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger = Logger(label: "guardian.node")
    ) throws {
        self.folder = folder
        self.objects = objects
        self.clock = clock
        self.monotonic = monotonic
        self.logger = logger
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw GuardianError(
                .failedPrecondition, "The folder \(folder) cannot be made; check its owner.", cause: error)
        }
    }

    /// Returns the scope of a device that was admitted (`Admission`): that of the tenant which its certificate names.
    public func scope(of device: DeviceIdentity) throws -> TenantScope {
        TenantScope(tenant: try tenant(device.tenant), device: device.fingerprint)
    }

    /// Returns the scope of the node's own work on a tenant's data.
    func scope(of tenant: TenantName) throws -> TenantScope {
        TenantScope(tenant: try self.tenant(tenant), device: nil)
    }

    /// Returns the scope of requests over this machine's loopback address, until there are logins.
    public func localScope() throws -> TenantScope {
        try scope(of: .home)
    }

    /// Where a tenant's files are in a node's folder of tenants.
    static func folder(of tenant: TenantName, in folder: String) -> String { "\(folder)/\(tenant)" }

    /// Returns the path of the only tenant's file in a folder of tenants.
    ///
    /// - Throws: `notFound` when no node has run there.
    static func file(in folder: String) throws -> String {
        let path = "\(self.folder(of: .home, in: folder))/\(Tenant.file)"
        guard FileManager.default.fileExists(atPath: path) else {
            throw GuardianError(.notFound, "No node has run on \(folder): there is no \(path).")
        }
        return path
    }

    /// Closes every file.
    public func close() throws {
        let tenants = opened.withLock { opened in
            defer { opened = [:] }
            return Array(opened.values)
        }
        for tenant in tenants {
            tenant.telemetry.close()
            try tenant.cache.close()
        }
    }

    private func tenant(_ name: TenantName) throws -> Tenant {
        try opened.withLock { opened in
            if let tenant = opened[name] { return tenant }
            let tenantFolder = Self.folder(of: name, in: folder)
            try OwnFolder.make(tenantFolder)
            let cache = try EventCache(path: "\(tenantFolder)/\(Tenant.file)", clock: clock)
            let archive = TenantArchive(
                ledger: PartLedger(store: cache.store, quota: objects.quota),
                spool: try Spool(folder: "\(tenantFolder)/spool"),
                place: try objects.of(name), clock: clock, monotonic: monotonic, logger: logger)
            do { try archive.sweepSpool() } catch {
                logger.warning("spool cannot be tidied", metadata: ["reason": "\(error)"])
            }
            let telemetry = TelemetryFile(
                path: "\(tenantFolder)/\(Tenant.telemetryFile)", clock: clock, logger: logger)
            let tenant = Tenant(name: name, cache: cache, archive: archive, telemetry: telemetry)
            opened[name] = tenant
            return tenant
        }
    }
}

/// One household or company, and its data.
package final class Tenant: Sendable {
    static let file = "journal.sqlite"
    static let telemetryFile = "telemetry.sqlite"

    let name: TenantName
    let cache: EventCache
    let archive: TenantArchive
    /// The edges that can be asked for recordings.
    package let controls = EdgeControls()
    package let cameras = EdgeCameras()
    /// Apart from the journal, so that it never delays the acknowledgement of an entry.
    let telemetry: TelemetryFile
    /// How many streams each device has open.
    private let streams = Mutex<[Hash256: Int]>([:])

    init(name: TenantName, cache: EventCache, archive: TenantArchive, telemetry: TelemetryFile) {
        self.name = name
        self.cache = cache
        self.archive = archive
        self.telemetry = telemetry
    }

    var connected: Set<Hash256> { Set(streams.withLock { $0.keys }) }

    func connect(_ device: Hash256) { streams.withLock { $0[device, default: 0] += 1 } }

    func disconnect(_ device: Hash256) {
        streams.withLock { streams in
            let left = (streams[device] ?? 1) - 1
            streams[device] = left > 0 ? left : nil
        }
    }
}

/// Access to one tenant's data, and to nothing else.
public struct TenantScope: Sendable {
    package let tenant: Tenant
    /// The device that has this access; `nil` for a person.
    let device: Hash256?

    /// The tenant's events.
    public var cache: EventCache { tenant.cache }

    /// The tenant's sealed clips.
    var archive: TenantArchive { tenant.archive }

    /// What the tenant's edges measured of themselves.
    public var telemetry: TelemetryFile { tenant.telemetry }

    /// Reports what the node holds of the tenant's edges, and how they are.
    public func edges(now: Timestamp = SystemClock().now()) async throws -> [EdgeReport] {
        let reports = try await tenant.cache.edges(connected: tenant.connected)
        // Telemetry that cannot be read must not hide the journals.
        let health = try? await EdgeHealthReader(telemetry: tenant.telemetry.store(), now: now).states()
        return reports.map { report in
            var report = report
            report.health = health.map {
                EdgeHealth(isConnected: report.connected, $0[report.fingerprint], now: now)
            }
            return report
        }
    }
}
