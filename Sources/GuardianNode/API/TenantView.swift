import GuardianCore
import GuardianHTTP
import GuardianJournal

/// How a tenant is, for the node's operators.
struct TenantView: Codable, Sendable {
    struct Devices: Codable, Sendable {
        var accepted: Int
        var locked: Int
        var retired: Int
    }

    /// By health; `connected` counts those of any.
    struct Recorders: Codable, Sendable {
        var connected = 0
        var healthy = 0
        var degraded = 0
        var offline = 0
        /// Their telemetry cannot be read.
        var unknown = 0
    }

    struct Archive: Codable, Sendable {
        var bytes: Int64 = 0
        var objects: Int64 = 0
        @Nullable var byteLimit: Int64?
        @Nullable var objectLimit: Int64?
        var nearlyFull = false
    }

    var name: String
    /// Why nothing else is known of it, as a sentence for people; `null` when it is.
    @Nullable var problem: String?
    var devices: Devices
    var recorders = Recorders()
    /// RFC 3339; `null` before a recorder of theirs has sent anything.
    @Nullable var lastSeenAt: String?
    var archive = Archive()

    /// - Parameter devices: the states of the devices that the registry has.
    init(_ tenant: TenantName, devices: [DeviceState]) {
        name = tenant.text
        self.devices = Devices(
            accepted: devices.count { $0 == .accepted }, locked: devices.count { $0 == .locked },
            retired: devices.count { $0 == .retired })
    }

    /// - Parameter edges: those that are not retired.
    mutating func add(_ edges: [EdgeReport], usage: ArchiveUsage) {
        func count(_ state: EdgeHealth.State?) -> Int { edges.count { $0.health?.state == state } }
        recorders = Recorders(
            connected: edges.count(where: \.connected), healthy: count(.healthy), degraded: count(.degraded),
            offline: count(.offline), unknown: count(nil))
        // They have one form, so that the greatest text is the latest time.
        lastSeenAt = edges.compactMap(\.lastSeenAt).max()
        archive = Archive(
            bytes: usage.all.bytes, objects: usage.all.objects, byteLimit: usage.all.limit.bytes,
            objectLimit: usage.all.limit.objects, nearlyFull: usage.all.isNearlyFull)
    }
}
