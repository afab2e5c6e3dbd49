import GuardianCore

extension Clip {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("id")
            json.string(id.description)
            json.member("camera")
            json.string(camera.description)
            json.member("state")
            json.string(state.rawValue)
            json.member("startedAt")
            json.integer(startedAt.milliseconds)
            json.member("duration")
            json.integer(duration)
            json.member("size")
            json.integer(size)
            if let sha256 {
                json.member("sha256")
                json.string(sha256.hex)
            }
            json.member("contentType")
            json.string(contentType)
            json.member("missingPackets")
            json.integer(Int64(missingPackets))
            // Left out for events, as before there were other clips.
            if kind != .event {
                json.member("kind")
                json.string(kind.rawValue)
            }
        }
    }

    init(journal node: JSONNode) throws {
        self.init(
            id: try node.required("id").identifier(),
            camera: try node.required("camera").identifier(),
            state: try node.required("state").choice(),
            startedAt: try node.required("startedAt").time(),
            duration: try node.required("duration").integer(in: Plausible.duration),
            size: try node.required("size").integer(in: Plausible.fileSize),
            sha256: try node.optional("sha256").map { try $0.hash() },
            contentType: try node.required("contentType").string(atMost: JournalLimits.text),
            missingPackets: Int(try node.required("missingPackets").integer(in: Plausible.count)),
            kind: try node.optional("kind").map { try $0.choice() } ?? .event)
    }
}
