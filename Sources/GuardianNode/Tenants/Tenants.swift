import Foundation
import GuardianCore
import GuardianJournal
import Logging
import Synchronization

/// The tenants of a node: one folder and one SQLite file each, opened when somebody of theirs comes.
///
/// No query takes a tenant's name: whoever wants a tenant's things needs a `TenantScope`, and only an identity yields one.
public final class Tenants: Sendable {
    private let folder: String
    private let clock: any WallClock
    private let objects: ArchivePlace
    private let logger: Logger
    private let opened = Mutex<[String: Tenant]>([:])

    /// The tenant of everyone who has a certificate of this node's authority: there is no other until tenants can be
    /// added.
    private static let home = "home"

    /// - Parameters:
    ///   - folder: holds one folder a tenant; made when it is not there.
    ///   - objects: where the archive's objects are kept.
    public init(
        folder: String, objects: ArchivePlace, clock: any WallClock = SystemClock(),
        logger: Logger = Logger(label: "guardian.node")
    ) throws {
        self.folder = folder
        self.objects = objects
        self.clock = clock
        self.logger = logger
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw GuardianError(
                .failedPrecondition, "The folder \(folder) cannot be made; check its owner.", cause: error)
        }
    }

    /// The scope of the device that a certificate names.
    public func scope(device fingerprint: Hash256) throws -> TenantScope {
        TenantScope(tenant: try tenant(Self.home), device: fingerprint)
    }

    /// The scope of whoever asks this machine over its loopback address, before there are logins.
    public func localScope() throws -> TenantScope {
        TenantScope(tenant: try tenant(Self.home), device: nil)
    }

    /// The one tenant's file in a folder of tenants.
    ///
    /// - Throws: `notFound` when no node ever ran there.
    static func file(in folder: String) throws -> String {
        let path = "\(folder)/\(home)/\(Tenant.file)"
        guard FileManager.default.fileExists(atPath: path) else {
            throw GuardianError(.notFound, "No node ever ran on \(folder): there is no \(path).")
        }
        return path
    }

    /// Closes every file.
    public func close() throws {
        let tenants = opened.withLock { opened in
            defer { opened = [:] }
            return Array(opened.values)
        }
        for tenant in tenants { try tenant.cache.close() }
    }

    private func tenant(_ name: String) throws -> Tenant {
        try opened.withLock { opened in
            if let tenant = opened[name] { return tenant }
            let place = "\(folder)/\(name)"
            do {
                try FileManager.default.createDirectory(
                    atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw GuardianError(
                    .failedPrecondition, "The folder \(place) cannot be made; check its owner.", cause: error)
            }
            let cache = try EventCache(path: "\(place)/\(Tenant.file)", clock: clock)
            let archive = TenantArchive(
                ledger: PartLedger(store: cache.store, quota: objects.quota),
                spool: try Spool(folder: "\(place)/spool"),
                objects: objects.store, layout: objects.layout, clock: clock, logger: logger)
            let tenant = Tenant(cache: cache, archive: archive)
            opened[name] = tenant
            return tenant
        }
    }
}

/// One household or company: what is kept for it.
final class Tenant: Sendable {
    static let file = "journal.sqlite"

    let cache: EventCache
    let archive: TenantArchive
    private let publishing = Mutex<[Hash256: Int]>([:])

    init(cache: EventCache, archive: TenantArchive) {
        self.cache = cache
        self.archive = archive
    }

    var connected: Set<Hash256> { Set(publishing.withLock { $0.keys }) }

    func enter(_ device: Hash256) { publishing.withLock { $0[device, default: 0] += 1 } }

    func leave(_ device: Hash256) {
        publishing.withLock { publishing in
            let left = (publishing[device] ?? 1) - 1
            publishing[device] = left > 0 ? left : nil
        }
    }
}

/// The right to one tenant's things, and to nothing else.
public struct TenantScope: Sendable {
    let tenant: Tenant
    /// The device that it was given to; `nil` for a person.
    let device: Hash256?

    /// The tenant's events.
    public var cache: EventCache { tenant.cache }

    /// The tenant's sealed clips.
    var archive: TenantArchive { tenant.archive }

    /// What the node holds of the tenant's edges.
    public func edges() async throws -> [EdgeReport] { try await tenant.cache.edges(connected: tenant.connected) }
}
