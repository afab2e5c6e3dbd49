import GuardianCore
import Hummingbird

/// A record of `/api/v1/live`: u8 camera (its index in the query), u8 kind, u16 zero, u32 length, bytes; big endian.
/// One response carries many cameras, since a browser opens only six HTTP/1.1 connections to a server.
public enum LiveRecord: Sendable {
    /// Kind 0: u16 length and the codecs of RFC 6381, then the init segment.
    case start(codecs: String, initSegment: [UInt8])
    /// Kind 1: `moof` and `mdat`.
    case fragment([UInt8])
    /// Kind 2: the camera's state as JSON.
    case state(ByteBuffer)

    public func bytes(camera: UInt8) -> ByteBuffer {
        var payload: ByteBuffer
        let kind: UInt8
        switch self {
        case .start(let codecs, let initSegment):
            kind = 0
            payload = ByteBuffer()
            payload.writeInteger(UInt16(clamping: codecs.utf8.count))
            payload.writeString(codecs)
            payload.writeBytes(initSegment)
        case .fragment(let bytes):
            kind = 1
            payload = ByteBuffer(bytes: bytes)
        case .state(let json):
            kind = 2
            payload = json
        }
        var record = ByteBuffer()
        record.reserveCapacity(8 + payload.readableBytes)
        record.writeInteger(camera)
        record.writeInteger(kind)
        record.writeInteger(UInt16(0))
        record.writeInteger(UInt32(clamping: payload.readableBytes))
        record.writeImmutableBuffer(payload)
        return record
    }
}
