/// One sealed file in the archive, with its receipt once it is stored.
public struct ArchivedPart: Sendable, Hashable {
    /// The newest checkpoint of a part.
    public struct Checkpoint: Sendable, Hashable {
        /// Bytes of plaintext that it covers.
        public var plaintextLength: Int64
        /// By the device's clock.
        public var at: Timestamp
        /// The signed bytes.
        public var signed: [UInt8]

        public init(plaintextLength: Int64, at: Timestamp, signed: [UInt8]) {
            self.plaintextLength = plaintextLength
            self.at = at
            self.signed = signed
        }
    }

    /// The part's number, from 0.
    public var number: Int
    public var status: ArchiveStatus
    /// Whether it ends before its clip does.
    public var isInterrupted: Bool
    /// Sealed bytes that have arrived.
    public var size: Int64
    /// The hash of the sealed file, once it is stored.
    public var sha256: Hash256?
    public var bucket: String?
    public var objectKey: String?
    /// The recipients that it was sealed to.
    public var keyIDs: [String]
    /// By the node's clock.
    public var startedAt: Timestamp
    public var storedAt: Timestamp?
    public var checkpoint: Checkpoint?

    public init(
        number: Int, status: ArchiveStatus, isInterrupted: Bool, size: Int64, sha256: Hash256?, bucket: String?,
        objectKey: String?, keyIDs: [String], startedAt: Timestamp, storedAt: Timestamp?, checkpoint: Checkpoint?
    ) {
        self.number = number
        self.status = status
        self.isInterrupted = isInterrupted
        self.size = size
        self.sha256 = sha256
        self.bucket = bucket
        self.objectKey = objectKey
        self.keyIDs = keyIDs
        self.startedAt = startedAt
        self.storedAt = storedAt
        self.checkpoint = checkpoint
    }
}
