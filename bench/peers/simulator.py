"""A license service as simulators of license managers are built: FastAPI, SQLAlchemy, one row for each seat out.

It looks how many seats are out and then adds one more, without a lock in between: with many at once it grants more
than there are. That is how such services are written, and what the bench shows.
"""

import os

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, func, select
from sqlalchemy.orm import Session, declarative_base, sessionmaker

# A request's session moves between threads, one at a time.
engine = create_engine(
    os.environ["SEATS_DATABASE"], connect_args={"timeout": 60, "check_same_thread": False}
)
make_session = sessionmaker(bind=engine)
Base = declarative_base()


class Feature(Base):
    __tablename__ = "features"
    name = Column(String, primary_key=True)
    total = Column(Integer, nullable=False)


class Seat(Base):
    __tablename__ = "seats"
    id = Column(Integer, primary_key=True)
    feature = Column(String, ForeignKey("features.name"), index=True, nullable=False)
    holder = Column(String, nullable=False)
    quantity = Column(Integer, nullable=False)


class Wanted(BaseModel):
    holder: str
    quantity: int


Base.metadata.create_all(engine)
app = FastAPI()


def session_of_request():
    session = make_session()
    try:
        yield session
    finally:
        session.close()


@app.put("/features/{name}/{total}", status_code=201)
def define(name: str, total: int, session: Session = Depends(session_of_request)):
    session.merge(Feature(name=name, total=total))
    session.commit()
    return {"name": name, "total": total}


@app.post("/features/{name}/seats", status_code=201)
def take(name: str, wanted: Wanted, session: Session = Depends(session_of_request)):
    feature = session.get(Feature, name)
    if feature is None:
        raise HTTPException(404, "no such feature")
    out = session.scalar(select(func.coalesce(func.sum(Seat.quantity), 0)).where(Seat.feature == name))
    if out + wanted.quantity > feature.total:
        raise HTTPException(409, "not enough seats")
    seat = Seat(feature=name, holder=wanted.holder, quantity=wanted.quantity)
    session.add(seat)
    session.commit()
    return {"id": seat.id}


@app.delete("/seats/{number}", status_code=200)
def give(number: int, session: Session = Depends(session_of_request)):
    seat = session.get(Seat, number)
    if seat is None:
        raise HTTPException(404, "no such seat")
    session.delete(seat)
    session.commit()
    return {"id": number}
