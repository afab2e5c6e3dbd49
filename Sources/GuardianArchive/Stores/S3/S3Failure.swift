import GuardianCore

/// A refusal of the server, as it said it.
struct S3Failure: Error {
    /// HTTP's; 0 when there was no answer.
    var status: Int
    /// S3's own word, such as `SlowDown`; a word of ours in brackets when the answer had none.
    var code: String
    var message: String
    /// What the server's operator finds the request by.
    var request: String?

    init(status: Int, code: String, message: String = "", request: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.request = request
    }

    /// - Parameter body: the answer's; HEAD has none.
    init(status: Int, body: [UInt8], request: String?) {
        let root = (try? XMLReader.read(body)).flatMap { $0.name == "Error" ? $0 : nil }
        self.init(
            status: status, code: root?["Code"]?.text ?? "(none)",
            message: String((root?["Message"]?.text ?? "").prefix(300)), request: request)
    }

    /// Whether the same request may succeed soon (AWS, "Error responses": SlowDown and its like; answers of 5xx but 501
    /// and 507; what was cut or damaged on its way).
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
    /// What it means to whoever asked the store, once for all.
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
        case "NoSuchBucket": return (.notFound, "the bucket is not there")
        case "NoSuchUpload": return (.notFound, "the store has lost the upload: begin it again")
        case "PreconditionFailed", "ObjectAlreadyInActiveTierError":
            return (.alreadyExists, "there is one already; objects are never replaced")
        case "BucketAlreadyExists": return (.alreadyExists, "the bucket belongs to somebody else: choose another name")
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
        case 404: (.notFound, "it is not there")
        case 412: (.alreadyExists, "there is one already; objects are never replaced")
        case 416: (.outOfRange, "the range is not within the object")
        case 501: (.unimplemented, "the S3 store cannot do that")
        case 507: (.resourceExhausted, "the S3 store is full: make room there")
        case 400..<500: (.invalidArgument, "the S3 store refuses the request (\(status) \(code))")
        default: (.unavailable, "the S3 store is overloaded or broken (\(status) \(code))")
        }
    }
}

extension GuardianError {
    /// The server's refusal behind this error.
    var s3: S3Failure? { cause as? S3Failure }
}
