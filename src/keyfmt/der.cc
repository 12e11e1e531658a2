#include "keyfmt/der.h"

#include <openssl/asn1.h>
#include <openssl/objects.h>

#include <memory>

#include "base/text.h"
#include "keyfmt/wire.h"

namespace sshkeep::keyfmt {
namespace {

std::size_t byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

/// Takes an item's length off; short and definite long form.
std::optional<std::size_t> take_length(std::string_view& bytes) {
    if (bytes.empty()) {
        return std::nullopt;
    }
    const auto first = byte_at(bytes, 0);
    bytes.remove_prefix(1);
    if (first < 0x80) {
        return first;
    }
    const auto size = first & 0x7FU;
    if (size == 0 || size > 4 || bytes.size() < size) {
        return std::nullopt;
    }
    std::size_t length = 0;
    for (std::size_t i = 0; i < size; ++i) {
        length = length << 8 | byte_at(bytes, i);
    }
    bytes.remove_prefix(size);
    return length;
}

struct FreeObject {
    void operator()(ASN1_OBJECT* object) const noexcept { ASN1_OBJECT_free(object); }
};

}  // namespace

std::optional<std::string_view> DerReader::take(DerTag tag) noexcept {
    if (rest_.empty() || byte_at(rest_, 0) != static_cast<std::size_t>(tag)) {
        return std::nullopt;
    }
    auto item = rest_.substr(1);
    const auto length = take_length(item);
    if (!length || *length > item.size()) {
        return std::nullopt;
    }
    rest_ = item.substr(*length);
    return item.substr(0, *length);
}

std::optional<std::string_view> DerReader::take_integer() noexcept {
    const auto number = take(DerTag::integer);
    if (!number || number->empty() || (byte_at(*number, 0) & 0x80U) != 0) {
        return std::nullopt;
    }
    return without_leading_zeros(*number);
}

std::optional<DerReader> DerReader::take_sequence() noexcept {
    const auto contents = take(DerTag::sequence);
    return contents ? std::optional(DerReader(*contents)) : std::nullopt;
}

int nid_of(std::string_view object_identifier) {
    constexpr std::size_t longest = 32;  // far above any identifier that a key file has
    if (object_identifier.empty() || object_identifier.size() > longest) {
        return NID_undef;
    }
    std::string der{static_cast<char>(DerTag::object_identifier), static_cast<char>(object_identifier.size())};
    der.append(object_identifier);
    const auto* start = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<ASN1_OBJECT, FreeObject> object(
        d2i_ASN1_OBJECT(nullptr, &start, static_cast<long>(der.size())));
    return object ? OBJ_obj2nid(object.get()) : NID_undef;
}

std::string name_of_object(std::string_view object_identifier) {
    const int nid = nid_of(object_identifier);
    return nid == NID_undef ? "unknown" : ascii_lower(OBJ_nid2ln(nid));
}

}  // namespace sshkeep::keyfmt
