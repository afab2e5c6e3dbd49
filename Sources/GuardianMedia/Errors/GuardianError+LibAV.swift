import CLibAV
import GuardianCore

extension GuardianError {
    /// Returns the error for a libav call that returned `code` (negative). `doing` names the operation as the beginning
    /// of a sentence: "Opening the camera".
    static func libav(_ code: Int32, _ doing: String) -> GuardianError {
        let (kind, reason) = meaning(of: code)
        return GuardianError(kind, "\(doing) failed: \(reason).", context: ["libav": "\(code)"])
    }

    private static func meaning(of code: Int32) -> (Code, String) {
        switch code {
        case guardian_av_eof(): (.unavailable, "the stream ended")
        case guardian_av_exit(): (.cancelled, "it was interrupted")
        case guardian_av_invalid(): (.dataLoss, "the data is not valid media")
        case guardian_av_decoder_missing(): (.unimplemented, "there is no decoder for this codec")
        case guardian_av_demuxer_missing(): (.invalidArgument, "the container format is not supported")
        case guardian_av_protocol_missing(): (.invalidArgument, "the protocol of the address is not supported")
        case guardian_av_stream_missing(): (.notFound, "there is no such stream")
        case guardian_av_http_unauthorized(): (.unauthenticated, "user name or password is wrong")
        case guardian_av_http_forbidden(): (.permissionDenied, "access is forbidden")
        case guardian_av_http_not_found(): (.notFound, "there is no stream at this path")
        case guardian_av_http_bad_request(): (.invalidArgument, "the server rejected the request as invalid")
        case guardian_av_http_server_error(): (.unavailable, "the server reported an internal error")
        case guardian_av_error(ETIMEDOUT): (.deadlineExceeded, "no answer in time")
        case guardian_av_error(ECONNREFUSED): (.unavailable, "the connection was refused")
        case guardian_av_error(ECONNRESET), guardian_av_error(EPIPE): (.unavailable, "the connection was closed")
        case guardian_av_error(EHOSTUNREACH), guardian_av_error(ENETUNREACH):
            (.unavailable, "the host is not reachable")
        case guardian_av_error(ENOENT): (.notFound, "there is no such file")
        case guardian_av_error(EACCES): (.permissionDenied, "the file may not be read")
        case guardian_av_error(ENOMEM): (.resourceExhausted, "memory ran out")
        case guardian_av_error(ENOSPC): (.resourceExhausted, "the disk is full")
        default: (.unavailable, text(of: code))
        }
    }

    private static func text(of code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard av_strerror(code, &buffer, buffer.count) == 0 else { return "code \(code)" }
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
