import GuardianCore

/// A clip as the archive has it: what its sealed parts are verified against.
public struct SealedClip: Hashable, Sendable {
    /// One part.
    public struct Part: Hashable, Sendable {
        /// From 0.
        public var number: Int
        /// SHA-256 of the part's header and signature; everything in the part is bound to it.
        public var bind: Hash256
        /// Whether it ends with its last segment; otherwise it was interrupted, and ends with another whole segment.
        public var isComplete: Bool
        /// Bytes of the clip in this part.
        public var plaintextLength: Int64
        /// Bytes of the part without its recipients, which may be resealed.
        public var lastingLength: Int64
        /// SHA-256 of these bytes; `nil` when a power failure interrupted the recorder's count.
        public var lastingHash: Hash256?

        public init(
            number: Int, bind: Hash256, isComplete: Bool, plaintextLength: Int64, lastingLength: Int64,
            lastingHash: Hash256?
        ) {
            self.number = number
            self.bind = bind
            self.isComplete = isComplete
            self.plaintextLength = plaintextLength
            self.lastingLength = lastingLength
            self.lastingHash = lastingHash
        }
    }

    public var clip: ClipID
    public var camera: CameraID
    public var parts: [Part]

    public init(clip: ClipID, camera: CameraID, parts: [Part]) {
        self.clip = clip
        self.camera = camera
        self.parts = parts
    }
}

extension SealedClip {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("clip")
            json.string(clip.description)
            json.member("camera")
            json.string(camera.description)
            json.member("parts")
            json.array { json in
                for part in parts { part.write(to: &json) }
            }
        }
    }

    init(journal node: JSONNode) throws {
        self.init(
            clip: try node.required("clip").identifier(), camera: try node.required("camera").identifier(),
            parts: try node.required("parts").elements(atMost: JournalLimits.parts).map(Part.init(journal:)))
    }
}

extension SealedClip.Part {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("part")
            json.integer(Int64(number))
            json.member("bind")
            json.string(bind.hex)
            json.member("complete")
            json.integer(isComplete ? 1 : 0)
            json.member("plaintextLength")
            json.integer(plaintextLength)
            json.member("lastingLength")
            json.integer(lastingLength)
            if let lastingHash {
                json.member("lastingHash")
                json.string(lastingHash.hex)
            }
        }
    }

    fileprivate init(journal node: JSONNode) throws {
        self.init(
            number: Int(try node.required("part").integer(in: 0...9_999)), bind: try node.required("bind").hash(),
            isComplete: try node.required("complete").integer(in: 0...1) == 1,
            plaintextLength: try node.required("plaintextLength").integer(in: Plausible.fileSize),
            lastingLength: try node.required("lastingLength").integer(in: Plausible.fileSize),
            lastingHash: try node.optional("lastingHash").map { try $0.hash() })
    }
}
