import GuardianClients
import GuardianCore

/// An error of the server, or a missing response.
struct S3Failure: Error {
    /// The HTTP status; 0 when there was no response.
    var status: Int
    /// S3's error code, such as `SlowDown`; a text of ours in parentheses when the response has none.
    var code: String
    var message: String
    /// The request's id in the server's logs.
    var request: String?

    init(status: Int, code: String, message: String = "", request: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.request = request
    }

    /// - Parameter body: the response's body; a response to HEAD has none.
    init(status: Int, body: [UInt8], request: String?) {
        let root = (try? XMLReader.read(body)).flatMap { $0.name == "Error" ? $0 : nil }
        self.init(
            status: status, code: root?["Code"]?.text ?? "(none)",
            message: String((root?["Message"]?.text ?? "").prefix(300)), request: request)
    }

    /// Whether the same request may succeed soon (AWS, "Error responses"): SlowDown and similar codes; statuses 5xx
    /// except 501 and 507; requests and responses that were truncated or damaged in transit.
    var isTransient: Bool {
        switch code {
        case "SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "OperationAborted",
            "ConditionalRequestConflict", "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody", "Throttling",
            "ThrottlingException", "TooManyRequests", "BandwidthLimitExceeded", "RequestLimitExceeded", Self.noAnswer,
            Self.badAnswer:
            true
        default: [408, 429, 500, 502, 503, 504].contains(status)
        }
    }

    static let noAnswer = "(no answer)"
    static let badAnswer = "(not understood)"
}

extension S3Failure {
    /// Returns the failure as a `GuardianError` whose message begins with `what`.
    func error(_ what: String) -> GuardianError {
        var context = ["status": "\(status)", "s3": code]
        if let request { context["request"] = request }
        let (kind, advice) = meaning
        return GuardianError(kind, "\(what): \(advice).", cause: self, context: context)
    }

    private var meaning: (GuardianError.Code, String) {
        switch code {
        case "AccessDenied", "AllAccessDisabled", "AccountProblem", "MethodNotAllowed":
            return (
                .permissionDenied,
                "the S3 store does not allow it to these keys: give them the right to read, write and list"
            )
        case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken", "TokenRefreshRequired":
            return (.unauthenticated, "the S3 store does not accept the keys: check key id, secret and region")
        case "RequestTimeTooSkewed":
            return (.failedPrecondition, "this machine's clock and the S3 store's differ: set the clock")
        case "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException",
            "InvalidLocationConstraint":
            return (.failedPrecondition, "the bucket is in another region: correct it in the configuration")
        case "NoSuchKey": return (.notFound, "there is no such object")
        case "NoSuchBucket": return (.notFound, "the bucket does not exist")
        case "NoSuchUpload": return (.notFound, "the store has lost the upload: begin it again")
        case "PreconditionFailed", "ObjectAlreadyInActiveTierError":
            return (.alreadyExists, "it already exists; objects are never replaced")
        case "BucketAlreadyExists":
            return (.alreadyExists, "the bucket belongs to another account: choose another name")
        case "InvalidRange": return (.outOfRange, "the range is not within the object")
        case "InvalidObjectState":
            return (.failedPrecondition, "the object was moved to an archive tier: restore it first")
        case "EntityTooLarge", "EntityTooSmall", "KeyTooLongError", "InvalidArgument", "InvalidRequest",
            "InvalidBucketName", "InvalidPart", "InvalidPartOrder", "MalformedXML":
            return (.invalidArgument, "the S3 store refuses the request (\(code)): \(message)")
        case "QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "TooManyBuckets":
            return (.resourceExhausted, "the S3 store is full: make room there")
        case Self.noAnswer: return (.unavailable, "the S3 store does not answer: check its address, and that it runs")
        case Self.badAnswer: return (.unavailable, "the S3 store's answer cannot be understood: check its address")
        default: return Self.meaning(of: status, code)
        }
    }

    private static func meaning(of status: Int, _ code: String) -> (GuardianError.Code, String) {
        switch status {
        case 301, 307, 308: (.failedPrecondition, "the bucket is elsewhere: correct endpoint or region")
        case 401: (.unauthenticated, "the S3 store does not accept the keys: check key id, secret and region")
        case 403: (.permissionDenied, "the S3 store does not allow it: check key id, secret, region and their rights")
        case 404: (.notFound, "it does not exist")
        case 412: (.alreadyExists, "it already exists; objects are never replaced")
        case 416: (.outOfRange, "the range is not within the object")
        case 501: (.unimplemented, "the S3 store cannot do that")
        case 507: (.resourceExhausted, "the S3 store is full: make room there")
        case 400..<500: (.invalidArgument, "the S3 store refuses the request (\(status) \(code))")
        default: (.unavailable, "the S3 store is overloaded or broken (\(status) \(code))")
        }
    }
}

extension GuardianError {
    /// The S3 failure that caused this error.
    var s3: S3Failure? { cause as? S3Failure }
}
