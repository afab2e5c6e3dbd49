import GuardianClients
import GuardianCore

/// One camera's part of an answer to a probe.
package struct ProbeMatch: Equatable {
    package var identifier: String
    package var scopes: CameraScopes
    /// Where it says that it can be asked.
    package var addresses: [PlainURI]

    /// Bytes of a datagram. Answers have one or two KiB.
    package static let datagramLimit = 16 << 10
    /// The matches of one answer that are read.
    package static let limit = 8

    /// Reads an answer; empty for anything else, and for devices that are not ONVIF's.
    ///
    /// - Parameter probes: what the answer may relate to. Answers that do not say what they relate to are read, too.
    package static func all(in datagram: [UInt8], to probes: Set<String>) -> [ProbeMatch] {
        guard datagram.count <= datagramLimit, let root = try? XMLReader.read(datagram), root.name == "Envelope",
            let body = root["Body"]
        else { return [] }
        let question = root["Header"]?["RelatesTo"]?.trimmed ?? ""
        guard question.isEmpty || probes.contains(question) else { return [] }
        // Some cameras leave out the element around the matches.
        let matches = (body["ProbeMatches"] ?? body).all("ProbeMatch")
        return matches.prefix(limit).compactMap { ProbeMatch($0) }
    }

    private init?(_ match: XMLElement) {
        scopes = CameraScopes(match["Scopes"]?.text ?? "")
        let types = (match["Types"]?.text ?? "").split(whereSeparator: \.isWhitespace).prefix(32)
        let isONVIF = types.contains { type in
            ["NetworkVideoTransmitter", "Device"].contains(type.split(separator: ":").last ?? "")
        }
        guard isONVIF || scopes.areONVIF else { return nil }
        identifier = PlainText.cut(match["EndpointReference"]?["Address"]?.trimmed ?? "", bytes: 128)
        addresses = (match["XAddrs"]?.text ?? "").split(whereSeparator: \.isWhitespace).prefix(16)
            .compactMap { PlainURI(String($0)) }
    }

    /// - Parameter source: where the answer came from. That is where the camera is asked, whatever it says.
    package func camera(from source: IPAddress, isPermitted: Bool) -> FoundCamera {
        let usable = addresses.compactMap { uri in CameraAddress(uri).map { (uri, $0) } }
        let own = usable.first { IPAddress(ofHost: $0.0.host) == source }
        let chosen = own ?? usable.first
        let address = CameraAddress(
            isSecure: chosen?.1.isSecure ?? false, host: "\(source)", port: chosen?.1.port,
            path: chosen?.1.path ?? CameraAddress.servicePath)
        return FoundCamera(
            address: address, identifier: identifier, name: scopes.name, hardware: scopes.hardware,
            location: scopes.location, maker: scopes.maker, claimedHost: own == nil ? usable.first?.0.host : nil,
            isPermitted: isPermitted)
    }
}
