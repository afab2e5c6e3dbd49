import GuardianCore

/// What a search has found so far: each camera once, and never more than the bounds allow, whatever is sent to us.
package struct SearchAnswers {
    /// Datagrams that are read.
    package static let datagramLimit = 4_096
    /// Cameras that are found.
    package static let cameraLimit = 256
    /// Addresses that answers come from.
    package static let sourceLimit = 1_024
    /// Datagrams, and cameras, of one address. A recorder may answer for each of its channels.
    package static let datagramsPerSource = 64
    package static let camerasPerSource = 16

    private struct Key: Hashable {
        var address: CameraAddress
        var identifier: String
    }

    private struct Source {
        var datagrams = 0
        var cameras = 0
    }

    private let rules: AddressRules
    private var datagrams = 0
    private var sources: [IPAddress: Source] = [:]
    private var seen: Set<Key> = []
    private var identifiers: Set<String> = []
    private var held: [FoundCamera] = []
    /// Datagrams that were not read, or not to their end, because of a bound.
    package private(set) var ignored = 0

    package init(rules: AddressRules) { self.rules = rules }

    /// Returns the cameras of an answer that were not known yet. A camera at a link-local address is held back until `finish`:
    /// it may answer from a better one, too.
    package mutating func add(_ datagram: [UInt8], from source: IPAddress, to probes: Set<String>) -> [FoundCamera] {
        guard datagrams < Self.datagramLimit, sources[source] != nil || sources.count < Self.sourceLimit,
            sources[source, default: Source()].datagrams < Self.datagramsPerSource
        else {
            ignored += 1
            return []
        }
        datagrams += 1
        sources[source, default: Source()].datagrams += 1
        var new: [FoundCamera] = []
        for match in ProbeMatch.all(in: datagram, to: probes) {
            let camera = match.camera(from: source, isPermitted: rules.permits(source))
            let key = Key(address: camera.address, identifier: camera.identifier)
            guard !seen.contains(key) else { continue }
            guard seen.count < Self.cameraLimit, sources[source, default: Source()].cameras < Self.camerasPerSource
            else {
                ignored += 1
                break
            }
            seen.insert(key)
            sources[source, default: Source()].cameras += 1
            if source.kind == .linkLocal {
                held.append(camera)
            } else {
                if !camera.identifier.isEmpty { identifiers.insert(camera.identifier) }
                new.append(camera)
            }
        }
        return new
    }

    /// Returns the cameras that were held back and have not answered from another address: one for each identifier, at an
    /// IPv4 address if it has one.
    package mutating func finish() -> [FoundCamera] {
        let sorted = held.filter { !$0.address.host.contains(":") } + held.filter { $0.address.host.contains(":") }
        held = []
        return sorted.filter { $0.identifier.isEmpty || identifiers.insert($0.identifier).inserted }
    }
}
