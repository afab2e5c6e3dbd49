public import GRPCCore
internal import GRPCProtobuf
import GuardianCore

// The calls with which an edge reads its node's archive: answers with too many messages in them are refused before they are
// decoded.

extension Guardian_V1_ArchiveService.ClientProtocol {
    public func boundedList(
        _ query: Guardian_V1_ArchiveQuery, options: CallOptions
    ) async throws -> Guardian_V1_ArchivePage {
        try await list(
            request: ClientRequest(message: query), serializer: ProtobufSerializer(),
            deserializer: Guardian_V1_ArchivePage.bounded, options: options
        ) { try $0.message }
    }

    public func boundedUsage(options: CallOptions) async throws -> Guardian_V1_ArchiveReport {
        try await usage(
            request: ClientRequest(message: Guardian_V1_UsageQuery()), serializer: ProtobufSerializer(),
            deserializer: Guardian_V1_ArchiveReport.bounded, options: options
        ) { try $0.message }
    }

    public func boundedHold(
        _ request: Guardian_V1_HoldRequest, options: CallOptions
    ) async throws -> Guardian_V1_ArchivePage {
        try await hold(
            request: ClientRequest(message: request), serializer: ProtobufSerializer(),
            deserializer: Guardian_V1_ArchivePage.bounded, options: options
        ) { try $0.message }
    }
}

extension Guardian_V1_ArchivePage {
    private static let part: [UInt64: MessageShape.Field] = [11: .init()]

    /// The numbers are those of the fields with messages in `archive.proto`.
    public static let bounded = BoundedDeserializer<Self>(
        MessageShape([
            2: .init(1, [1: .init(ArchivePage<ArchivedClip>.limit, [11: .init(ArchiveLimits.parts, part)])]),
            3: .init(1, [1: .init(ArchivePage<ArchivedPicture>.limit, [8: .init(1, part)])]),
        ]), limit: ArchiveLimits.messages)
}

extension Guardian_V1_ArchiveReport {
    /// The numbers are those of the fields with messages in `archive.proto`.
    public static let bounded = BoundedDeserializer<Self>(
        MessageShape([2: .init(), 3: .init(ArchiveLimits.cameras, [2: .init()])]), limit: ArchiveLimits.messages)
}
