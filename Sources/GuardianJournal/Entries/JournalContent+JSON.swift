import GuardianCore

extension JournalContent {
    /// Returns the payload's bytes. Called once per entry: from then on, these bytes are stored, sent and verified.
    func payload() -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("chain")
            json.string(chain.description)
            json.member("sequence")
            json.integer(sequence)
            json.member("previous")
            json.string(previous?.hex ?? "")
            json.member("kind")
            json.string(body.kind)
            json.member("at")
            json.integer(at.milliseconds)
            json.member("body")
            switch body {
            case .eventOpened(let event, _), .eventUpdated(let event), .eventClosed(let event): event.write(to: &json)
            case .clipOpened(let clip), .clipClosed(let clip): clip.write(to: &json)
            case .clipSealed(let sealed): sealed.write(to: &json)
            case .eventKept(let keep): keep.write(to: &json)
            case .coverage(let coverage): coverage.write(to: &json)
            case .tombstone(let tombstone): tombstone.write(to: &json)
            case .chainBegun(let beginning): beginning.write(to: &json)
            case .unknown: json.object { _ in }
            }
            if case .eventOpened(_, let judgement) = body {
                json.member("judgement")
                judgement.write(to: &json)
            }
        }
        return json.bytes
    }

    /// Returns the content of a stored entry; `nil` when this version refuses it, although another stored it: one entry must
    /// not make a whole list unreadable. `doctor --verify` names it.
    static func stored(_ payload: [UInt8]) -> JournalContent? { try? JournalContent(payload: payload) }

    init(payload: [UInt8]) throws {
        let node = JSONNode(try JSONParser.parse(payload))
        chain = try node.required("chain").identifier()
        sequence = try node.required("sequence").integer(in: 1...Plausible.sequence.upperBound)
        let previous = try node.required("previous")
        self.previous = previous.value == .string("") ? nil : try previous.hash()
        at = try node.required("at").time()
        let kind = try node.required("kind").string(atMost: 64)
        let body = try node.required("body")
        switch kind {
        case "event_opened":
            self.body = .eventOpened(try Event(journal: body), try Judgement(journal: node.required("judgement")))
        case "event_updated": self.body = .eventUpdated(try Event(journal: body))
        case "event_closed": self.body = .eventClosed(try Event(journal: body))
        case "clip_opened": self.body = .clipOpened(try Clip(journal: body))
        case "clip_closed": self.body = .clipClosed(try Clip(journal: body))
        case "clip_sealed": self.body = .clipSealed(try SealedClip(journal: body))
        case "event_kept": self.body = .eventKept(try Keep(journal: body))
        case "coverage": self.body = .coverage(try Coverage(journal: body))
        case "tombstone": self.body = .tombstone(try Tombstone(journal: body))
        case "chain_begun": self.body = .chainBegun(try ChainBeginning(journal: body))
        default: self.body = .unknown(kind: kind)
        }
    }
}
