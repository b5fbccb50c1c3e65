"""What the beginning and the end of a review must look like."""

from domain.shapes.checks import anything, i32, list_of, nullable, number, record, string, tagged, u32

TARGET = tagged(
    "type",
    {
        "uncommittedChanges": anything,
        "baseBranch": record({"branch": string}),
        "commit": record({"sha": string}, {"title": nullable(string)}),
        "custom": record({"instructions": string}),
    },
)

FINDING = record(
    {
        "title": string,
        "body": string,
        "confidence_score": number,
        "priority": i32,
        "code_location": record(
            {"absolute_file_path": string, "line_range": record({"start": u32, "end": u32})},
        ),
    },
)

REVIEW_OUTPUT = record(
    {
        "findings": list_of(FINDING),
        "overall_correctness": string,
        "overall_explanation": string,
        "overall_confidence_score": number,
    },
)

ENTERED_REVIEW_MODE = record({"target": TARGET}, {"user_facing_hint": nullable(string)})

EXITED_REVIEW_MODE = record({}, {"review_output": nullable(REVIEW_OUTPUT)})
