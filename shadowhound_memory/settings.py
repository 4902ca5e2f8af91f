"""Every setting, once: its type, default, range, unit and help. ROS parameters, `config/memory.yaml`, the command
line and the tables of the documentation are made from this class."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo, available_timezones

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, field_validator

from shadowhound_memory.record import Frame, Name

Backend = Literal["openai", "local", "skip"]
AdapterMode = Literal["none", "writing", "recall", "all"]


class Settings(BaseModel):
    """All settings of a memory. Frozen; raises pydantic.ValidationError with the value and the rule of a wrong one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    memory_backend: Backend = Field("local", description="who runs the model: openai, local, or skip (store nothing)")
    adapter_mode: AdapterMode = Field("none", description="tasks that use a LoRA adapter: none, writing, recall or all")
    model: str = Field("smollm2-135m-instruct", description="local model: name, directory, GGUF file, or none")
    writing_model: str = Field("", description="local model that writes memories, such as a merged one; empty: model")
    recall_model: str = Field("", description="local model that answers questions; empty: model")
    device: str = Field(
        "cpu", pattern=r"^(cpu|cuda(:\d+)?)$", description="where the local model runs: cpu, cuda, cuda:N"
    )
    dtype: Literal["float32", "bfloat16", "float16"] = Field("float32", description="numbers of the local model")
    quantize: Literal["none", "nf4"] = Field("none", description="nf4 loads the local model in 4 bits by bitsandbytes")
    openai_base_url: str = Field(
        "", description="address of an OpenAI-compatible server; empty: OPENAI_BASE_URL or OpenAI"
    )
    openai_model: str = Field(
        "gpt-4o-mini", description="model to ask of the server; its key comes from OPENAI_API_KEY"
    )
    openai_timeout: float = Field(20.0, gt=0, le=600, description="seconds for one request to the server")

    robot_id: Name = Field("robot", description="this robot's name, stamped on each memory")
    map_id: Name = Field("default", description="name of the map that poses are in; places compare within one map only")
    data_dir: str = Field("", description="where memories are kept; empty: the user's data directory / robot_id")
    embedding: str = Field(
        "all-MiniLM-L6-v2", description="embedding model: the default, or any sentence-transformers one"
    )
    reranker: str = Field(
        "none", description="cross-encoder that orders the best candidates anew: its directory, or none"
    )
    chroma_host: str = Field("", description="Chroma server; empty: a Chroma folder inside data_dir")
    chroma_port: int = Field(8000, ge=1, le=65535, description="port of the Chroma server")

    k: int = Field(10, ge=1, le=200, description="memories that search returns")
    min_score: float = Field(
        0.17, ge=0, le=1, description="a memory less likely to answer than this supports no answer"
    )
    recall_deadline: float = Field(10.0, gt=0, le=600, description="seconds, then the extractive answer is given")
    max_recalls: int = Field(2, ge=1, le=16, description="recalls answered at once; the next gets BUSY")
    write_batch: int = Field(8, ge=1, le=64, description="observations drafted in one batch by the local model")
    write_timeout: float = Field(
        30.0, gt=0, le=600, description="seconds a write waits for the finished memory when asked to"
    )
    max_text: int = Field(4000, ge=1, le=100000, description="characters of an observation")
    max_question: int = Field(4000, ge=1, le=100000, description="characters of a question")
    min_time: float = Field(946684800.0, ge=0, description="earliest timestamp, seconds since the epoch (2000-01-01)")
    max_future: float = Field(60.0, ge=0, description="seconds that a timestamp may lie ahead of the clock")
    timezone: str = Field("UTC", description="IANA zone in which 'this morning' is understood and times are told")

    map_frame: Frame = Field("map", description="frame of poses looked up by tf2")
    base_frame: Frame = Field("base_link", description="the robot's frame in tf2")
    pose_topic: str = Field("odom", description="pose topic for when tf2 has none; empty: none")
    pose_topic_type: Literal["odometry", "pose", "pose_with_covariance"] = Field(
        "odometry", description="type of pose_topic: nav_msgs/Odometry, PoseStamped or PoseWithCovarianceStamped"
    )
    pose_max_age: float = Field(
        1.0, gt=0, le=60, description="seconds between stamp and nearest pose, beyond it: unknown"
    )
    pose_max_covariance: float = Field(1.0, gt=0, description="m² of x or y variance, beyond it: unknown")
    simulated: Annotated[
        bool, Field(description="time is a simulator's: any time ≥ 0 is good (use_sim_time sets it)")
    ] = False

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("is no IANA time zone; write one like Europe/Berlin or UTC")
        return name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)

    def model_for(self, task: str) -> str:
        """The name of the model that does a task, `none` where it is done by rules."""
        if self.memory_backend == "local":
            return {"writing": self.writing_model, "recall": self.recall_model}.get(task) or self.model
        return self.openai_model if self.memory_backend == "openai" else "none"

    def for_task(self, task: str) -> "Settings":
        """The settings with the model that does a task as `model`."""
        return self.model_copy(update={"model": self.model_for(task)})

    @property
    def directory(self) -> Path:
        """The data directory with its default filled in."""
        if self.data_dir:
            return Path(self.data_dir).expanduser()
        name = quote(self.robot_id, safe=" ")  # one folder, whatever the robot is called
        return user_data_path("shadowhound_memory") / (name.replace(".", "%2E") if name in (".", "..") else name)


def rule(name: str) -> str:
    """The rule that a setting's values keep, in words; empty when every value of its type is good."""
    schema = Settings.model_json_schema()["properties"][name]
    if "enum" in schema:
        return "one of " + ", ".join(schema["enum"])
    bounds = {"minimum": "at least {}", "exclusiveMinimum": "above {}", "maximum": "at most {}", "pattern": "like {}"}
    words = [text.format(schema[key]) for key, text in bounds.items() if key in schema]
    if "maxLength" in schema:
        words.append(f"at most {schema['maxLength']} characters")
    return ", ".join(words)
