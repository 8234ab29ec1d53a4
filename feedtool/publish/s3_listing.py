"""Read a page of a listing as an object store gives it: names, sizes and ETags.

boto3 makes a date of every time of change, which nobody asks for here; that alone takes half of a
publish that has nothing to send.
"""

from __future__ import annotations

from typing import Any

from lxml import etree


def read_page(
    response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any
) -> None:
    """Take the objects out of an answer before botocore reads the rest of it.

    For its event `before-parse.s3.ListObjectsV2`. What is no listing is left to botocore, which
    says what is wrong with it. Raises ValueError for a size that is no number.
    """
    if response_dict["status_code"] != 200:
        return
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(response_dict["body"], parser)
    except etree.XMLSyntaxError:
        return
    space, name = root.tag.rpartition("}")[::2]  # some stores forget the namespace
    inside = f"{space}}}" if space else ""
    if name != "ListBucketResult":
        return
    contents = []
    for one in root.findall(f"{inside}Contents"):
        contents.append({
            "Key": one.findtext(f"{inside}Key", ""),
            "Size": int(one.findtext(f"{inside}Size", "")),
            "ETag": one.findtext(f"{inside}ETag", ""),
        })  # fmt: skip
        root.remove(one)
    customized_response_dict["Contents"] = contents
    response_dict["body"] = etree.tostring(root)
