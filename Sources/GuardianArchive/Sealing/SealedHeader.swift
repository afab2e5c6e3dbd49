import Foundation
import GuardianCore

/// The unencrypted header of a sealed clip, signed by the device.
public struct SealedHeader: Hashable, Sendable {
    /// The only suite of version 1.
    static let suite = "AES256-GCM-HKDF-SHA256"

    public let layout: SegmentLayout
    /// `video/mp4` or `image/jpeg`.
    public let contentType: String
    /// The clip's id; for a snapshot, its event's id.
    public let subject: UUID
    /// The camera's id; characters of `[A-Za-z0-9._/-]`.
    public let camera: String
    /// Ed25519, 32 bytes.
    public let deviceKey: [UInt8]
    /// HKDF(clip key, "guardian/clip-key/v1"). It ties the clip key to the signed header: another clip key does not
    /// match.
    public let clipKeyHash: Hash256
    /// 0 for the first file of a clip; one more for each continuation after an interruption.
    public let part: Int
    /// `bind` of the part before; `nil` for part 0.
    public let previous: Hash256?

    public var clipID: ClipID { ClipID(subject) }
    /// Whether it is an event's snapshot and not a clip.
    public var isPicture: Bool { contentType.hasPrefix("image/") }

    /// The header's bytes. A header has exactly one encoding.
    package var json: [UInt8] {
        var text = #"{"suite":"\#(Self.suite)","segmentSize":\#(layout.segmentSize),"contentType":"\#(contentType)""#
        text += #","clipId":"\#(subject.uuidString.lowercased())","cameraId":"\#(camera)""#
        text +=
            #","deviceKey":"\#(Base64URL.encode(deviceKey))","clipKeyHash":"\#(Base64URL.encode(clipKeyHash.bytes))""#
        text += #","part":\#(part),"previous":"\#(Base64URL.encode(previous?.bytes ?? []))"}"#
        return Array(text.utf8)
    }

    init(
        layout: SegmentLayout, contentType: String, subject: UUID, camera: String, deviceKey: [UInt8],
        clipKeyHash: Hash256, part: Int, previous: Hash256?
    ) {
        self.layout = layout
        self.contentType = contentType
        self.subject = subject
        self.camera = camera
        self.deviceKey = deviceKey
        self.clipKeyHash = clipKeyHash
        self.part = part
        self.previous = previous
    }
}

extension SealedHeader {
    /// Parses a header; `nil` when the text is not its exact encoding.
    package init?(json bytes: ArraySlice<UInt8>) {
        var json = ExactJSON(bytes)
        guard json.skip(#"{"suite":"AES256-GCM-HKDF-SHA256","segmentSize":"#), let segmentSize = json.number(),
            let layout = SegmentLayout(checking: Int(segmentSize)),
            json.skip(#","contentType":""#), let contentType = json.string(),
            json.skip(#","clipId":""#), let clip = json.string(), clip.count == 36,
            let subject = UUID(uuidString: String(decoding: clip, as: UTF8.self)),
            json.skip(#","cameraId":""#), let camera = json.string(),
            json.skip(#","deviceKey":""#), let deviceKey = json.base64(), deviceKey.count == 32,
            json.skip(#","clipKeyHash":""#), let clipKeyHash = json.base64().flatMap({ Hash256(bytes: $0) }),
            json.skip(#","part":"#), let part = json.number(),
            json.skip(#","previous":""#), let previous = json.base64(), json.skip("}"), json.isAtEnd,
            previous.count == (part == 0 ? 0 : 32)
        else { return nil }
        self.init(
            layout: layout, contentType: String(decoding: contentType, as: UTF8.self), subject: subject,
            camera: String(decoding: camera, as: UTF8.self), deviceKey: deviceKey, clipKeyHash: clipKeyHash,
            part: Int(part), previous: Hash256(bytes: previous))
        guard self.json.elementsEqual(bytes) else { return nil }
    }
}
