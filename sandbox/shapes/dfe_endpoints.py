"""Which shapes the DfE services' endpoints answer with when they succeed, and their refusals."""

from sandbox.shapes import dfe_apply, dfe_courses, dfe_publish
from sandbox.shapes.values import Type

CYCLE = "/publish/api/public/v1/recruitment_cycles/{}"

PUBLISH: dict[str, Type] = {
    f"GET {CYCLE}/providers": dfe_publish.PROVIDERS,
    f"GET {CYCLE}/providers/{{}}": dfe_publish.ONE_PROVIDER,
    f"GET {CYCLE}/providers/{{}}/courses": dfe_courses.COURSES,
    "GET /publish/api/public/v1/provider_suggestions": dfe_publish.SUGGESTIONS,
}
APPLY: dict[str, Type] = {
    "GET /apply/candidate-api/v1.4/candidates/{}": dfe_apply.CANDIDATE,
    "GET /apply/publications/recruitment-cycle-timetables": dfe_apply.TIMETABLES,
    "GET /apply/publications/recruitment-cycle-timetables/{}": dfe_apply.TIMETABLES,
}
REFUSALS: dict[str, Type] = {"publish": dfe_publish.ERROR, "apply": dfe_apply.ERROR}
