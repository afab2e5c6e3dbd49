import GuardianCore
import GuardianMedia

extension Footage {
    /// Returns the stream description and all packets of a file.
    public func read(_ path: String, audio: Bool = false) throws -> (StreamDescription, [Packet]) {
        let source = FileSource(path: path, wantsAudio: audio)
        let stream = try source.open()
        var packets: [Packet] = []
        while case .packet(let packet)? = try source.next() { packets.append(packet) }
        return (stream, packets)
    }

    /// Writes a clip file of these packets and does not close it.
    public func clip(_ name: String, _ stream: StreamDescription, _ packets: [Packet]) throws -> ClipFile? {
        let packets = packets.drop { $0.kind == .audio }
        guard let first = packets.first else { return nil }
        let clip = try ClipFile(creating: folder.appending(path: name), stream: stream, first: first)
        for packet in packets.dropFirst() { try clip.append(packet) }
        return clip
    }
}
